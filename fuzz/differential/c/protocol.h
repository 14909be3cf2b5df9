/* How the driver and the programs here talk, over standard input and output.
 *
 * A request is a length (32 bits, little-endian) and that many bytes: a file. The length 0xFFFFFFFF is no request: it
 * asks for what has been answered so far. An answer is a length, a note (32 bits, why a file was refused; not
 * compared) and that many bytes: the record, a sequence of tokens. A token is a byte that says what it is, a length
 * and that many bytes. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLUSH 0xFFFFFFFFu

/* A run of bytes that grows. */
typedef struct {
    unsigned char *bytes;
    size_t length;
    size_t capacity;
} Buffer;

static inline void give_up(const char *why) {
    fprintf(stderr, "%s\n", why);
    exit(EXIT_FAILURE);
}

/* Room for `more` bytes behind those that are there. */
static inline void reserve(Buffer *buffer, size_t more) {
    size_t wanted = buffer->length + more;
    if (wanted <= buffer->capacity)
        return;
    size_t capacity = buffer->capacity ? buffer->capacity : 4096;
    while (capacity < wanted)
        capacity *= 2;
    buffer->bytes = realloc(buffer->bytes, capacity);
    if (!buffer->bytes)
        give_up("out of memory");
    buffer->capacity = capacity;
}

static inline void push(Buffer *buffer, const void *bytes, size_t length) {
    if (length == 0)
        return;
    reserve(buffer, length);
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

static inline void encode_number(unsigned char bytes[4], uint32_t number) {
    for (int at = 0; at < 4; at++)
        bytes[at] = (unsigned char)(number >> (8 * at));
}

static inline uint32_t decode_number(const unsigned char bytes[4]) {
    uint32_t number = 0;
    for (int at = 0; at < 4; at++)
        number |= (uint32_t)bytes[at] << (8 * at);
    return number;
}

static inline void token(Buffer *record, char kind, const void *bytes, size_t length) {
    unsigned char encoded[4];
    encode_number(encoded, (uint32_t)length);
    push(record, &kind, 1);
    push(record, encoded, sizeof encoded);
    push(record, bytes, length);
}

static inline void token_text(Buffer *record, char kind, const char *text) {
    token(record, kind, text, strlen(text));
}

/* The next file; false where there is none any more. */
static inline bool next_request(Buffer *request) {
    unsigned char encoded[4];
    while (fread(encoded, 1, sizeof encoded, stdin) == sizeof encoded) {
        uint32_t length = decode_number(encoded);
        if (length == FLUSH) {
            fflush(stdout);
            continue;
        }
        request->length = 0;
        reserve(request, (size_t)length + 1);
        if (fread(request->bytes, 1, length, stdin) != length)
            give_up("the request is cut off");
        request->length = length;
        request->bytes[length] = 0;
        return true;
    }
    return false;
}

static inline void answer(const Buffer *record, uint32_t note) {
    unsigned char encoded[8];
    encode_number(encoded, (uint32_t)record->length);
    encode_number(encoded + 4, note);
    if (fwrite(encoded, 1, sizeof encoded, stdout) != sizeof encoded ||
        fwrite(record->bytes, 1, record->length, stdout) != record->length)
        give_up("the answer cannot be written");
}

#endif
