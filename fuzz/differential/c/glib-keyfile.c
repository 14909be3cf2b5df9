/* What GLib makes of key files: every group, key and value, and the file as it would be saved; once with the flags
 * with which Profanity loads its files since 0.15, once with those from before. */
#define _GNU_SOURCE
#include <glib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "protocol.h"

static const char *code_name(const GError *error) {
    if (error->domain != G_KEY_FILE_ERROR)
        return "another domain";
    switch (error->code) {
    case G_KEY_FILE_ERROR_UNKNOWN_ENCODING:
        return "G_KEY_FILE_ERROR_UNKNOWN_ENCODING";
    case G_KEY_FILE_ERROR_PARSE:
        return "G_KEY_FILE_ERROR_PARSE";
    case G_KEY_FILE_ERROR_NOT_FOUND:
        return "G_KEY_FILE_ERROR_NOT_FOUND";
    case G_KEY_FILE_ERROR_KEY_NOT_FOUND:
        return "G_KEY_FILE_ERROR_KEY_NOT_FOUND";
    case G_KEY_FILE_ERROR_GROUP_NOT_FOUND:
        return "G_KEY_FILE_ERROR_GROUP_NOT_FOUND";
    case G_KEY_FILE_ERROR_INVALID_VALUE:
        return "G_KEY_FILE_ERROR_INVALID_VALUE";
    default:
        return "another code";
    }
}

static void token_error(Buffer *record, char kind, GError *error) {
    token_text(record, kind, error ? code_name(error) : "");
    g_clear_error(&error);
}

/* A text if there is one, else why there is none: GLib may give both. */
static void token_string(Buffer *record, char kind, char otherwise, char *text, GError *error) {
    if (!text) {
        token_error(record, otherwise, error);
        return;
    }
    token_text(record, kind, text);
    g_free(text);
    g_clear_error(&error);
}

static void put_boolean(Buffer *record, GKeyFile *file, const char *group, const char *key) {
    GError *error = NULL;
    gboolean value = g_key_file_get_boolean(file, group, key, &error);
    if (error)
        token_error(record, 'b', error);
    else
        token_text(record, 'B', value ? "true" : "false");
}

static void put_integer(Buffer *record, GKeyFile *file, const char *group, const char *key) {
    GError *error = NULL;
    gint value = g_key_file_get_integer(file, group, key, &error);
    if (error) {
        token_error(record, 'i', error);
        return;
    }
    char digits[16];
    snprintf(digits, sizeof digits, "%d", value);
    token_text(record, 'I', digits);
}

static void put_list(Buffer *record, GKeyFile *file, const char *group, const char *key) {
    GError *error = NULL;
    gsize length = 0;
    gchar **list = g_key_file_get_string_list(file, group, key, &length, &error);
    if (error) {
        token_error(record, 'x', error);
        g_strfreev(list);
        return;
    }
    for (gsize at = 0; at < length; at++)
        token_text(record, 'l', list[at]);
    token_text(record, 'L', "");
    g_strfreev(list);
}

static void put_entry(Buffer *record, GKeyFile *file, const char *group, const char *key) {
    GError *error = NULL;
    token_text(record, 'K', key);
    char *raw = g_key_file_get_value(file, group, key, &error);
    token_string(record, 'R', 'r', raw, error);
    error = NULL;
    char *string = g_key_file_get_string(file, group, key, &error);
    token_string(record, 'S', 's', string, error);
    put_boolean(record, file, group, key);
    put_integer(record, file, group, key);
    put_list(record, file, group, key);
}

static void put_group(Buffer *record, GKeyFile *file, const char *group) {
    token_text(record, 'G', group);
    gchar **keys = g_key_file_get_keys(file, group, NULL, NULL);
    for (gchar **key = keys; key && *key; key++)
        put_entry(record, file, group, *key);
    g_strfreev(keys);
}

static void put_file(Buffer *record, const Buffer *request, GKeyFileFlags flags) {
    GError *error = NULL;
    GKeyFile *file = g_key_file_new();
    g_key_file_load_from_data(file, (const char *)request->bytes, request->length, flags, &error);
    token_error(record, 'E', error);
    gchar **groups = g_key_file_get_groups(file, NULL);
    for (gchar **group = groups; group && *group; group++)
        put_group(record, file, *group);
    g_strfreev(groups);
    gsize length = 0;
    gchar *saved = g_key_file_to_data(file, &length, NULL);
    token(record, 'W', saved, length);
    g_free(saved);
    g_key_file_free(file);
}

/* Profanity loads from files, which GLib reads in pieces. What comes of that is told only where it is not the same. */
static void put_file_in_pieces(Buffer *record, const Buffer *request, int descriptor, const char *path) {
    Buffer whole = {0}, pieces = {0};
    if (ftruncate(descriptor, 0) != 0 ||
        pwrite(descriptor, request->bytes, request->length, 0) != (ssize_t)request->length)
        give_up("the file cannot be written");
    for (int at = 0; at < 2; at++) {
        GError *error = NULL;
        GKeyFile *file = g_key_file_new();
        GKeyFileFlags flags = G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS;
        if (at == 0)
            g_key_file_load_from_data(file, (const char *)request->bytes, request->length, flags, &error);
        else
            g_key_file_load_from_file(file, path, flags, &error);
        Buffer *outcome = at == 0 ? &whole : &pieces;
        token_error(outcome, 'E', error);
        gsize length = 0;
        gchar *saved = g_key_file_to_data(file, &length, NULL);
        token(outcome, 'W', saved, length);
        g_free(saved);
        g_key_file_free(file);
    }
    if (whole.length != pieces.length || memcmp(whole.bytes, pieces.bytes, whole.length) != 0) {
        token_text(record, 'F', "in pieces");
        push(record, pieces.bytes, pieces.length);
    }
    free(whole.bytes);
    free(pieces.bytes);
}

/* GLib warns of bad files; only what is a fault of this program ends it. */
static void hear(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain, (void)data;
    if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
        give_up(message);
}

int main(void) {
    Buffer request = {0}, record = {0};
    g_log_set_default_handler(hear, NULL);
    int descriptor = memfd_create("key file", MFD_CLOEXEC);
    if (descriptor < 0)
        give_up("there is no file in memory");
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    /* The driver sets the locale of the environment, which is all that GLib asks for. */
    while (next_request(&request)) {
        record.length = 0;
        token_text(&record, 'F', "translations kept");
        put_file(&record, &request, G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS);
        token_text(&record, 'F', "translations dropped");
        put_file(&record, &request, G_KEY_FILE_KEEP_COMMENTS);
        put_file_in_pieces(&record, &request, descriptor, path);
        answer(&record, 0);
    }
    return EXIT_SUCCESS;
}
