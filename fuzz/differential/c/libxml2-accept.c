/* What libxml2 makes of XML files when it is called as libpurple 2.14 calls it: SAX2 handlers for elements, text and
 * errors, and for nothing else. A file is refused if the parser says so, or if it reports an error of any kind. */
#include <libxml/parser.h>

#include "protocol.h"

typedef struct Attribute {
    char *name;
    char *value;
    struct Attribute *next;
} Attribute;

typedef struct Element {
    char *name;
    char *namespace;
    Attribute *attributes;
    Buffer text;
    struct Element *parent, *first, *last, *next;
} Element;

typedef struct {
    Element *root;
    Element *current;
    bool failed;
    uint32_t code; /* of the first error */
} Reading;

static void *allocate(size_t size) {
    void *memory = calloc(1, size);
    if (!memory)
        give_up("out of memory");
    return memory;
}

static char *copy(const char *text, size_t length) {
    char *copied = allocate(length + 1);
    memcpy(copied, text, length);
    return copied;
}

static void free_attribute(Attribute *attribute) {
    free(attribute->name);
    free(attribute->value);
    free(attribute);
}

static void free_element(Element *element) {
    if (!element)
        return;
    for (Element *child = element->first, *next; child; child = next) {
        next = child->next;
        free_element(child);
    }
    for (Attribute *attribute = element->attributes, *next; attribute; attribute = next) {
        next = attribute->next;
        free_attribute(attribute);
    }
    free(element->name);
    free(element->namespace);
    free(element->text.bytes);
    free(element);
}

/* libpurple resolves references a second time. Of a `&` libxml2 leaves `&#38;`, and of anything else nothing. */
static char *resolved(const xmlChar *start, size_t length) {
    static const char ampersand[] = "&#38;";
    char *value = copy((const char *)start, length), *to = value;
    for (const char *from = value; *from;) {
        bool is_reference = strncmp(from, ampersand, sizeof ampersand - 1) == 0;
        *to++ = *from;
        from += is_reference ? sizeof ampersand - 1 : 1;
    }
    *to = 0;
    return value;
}

/* libpurple keeps one attribute of a name, whatever the prefixes: the last, at its place. */
static void set_attribute(Element *element, const char *name, char *value) {
    Attribute **at = &element->attributes;
    while (*at) {
        Attribute *found = *at;
        if (strcmp(found->name, name) == 0) {
            *at = found->next;
            free_attribute(found);
        } else {
            at = &found->next;
        }
    }
    *at = allocate(sizeof **at);
    (*at)->name = copy(name, strlen(name));
    (*at)->value = value;
}

static void start_element(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *namespace,
                          int namespaces, const xmlChar **declared, int attributes, int defaulted,
                          const xmlChar **values) {
    (void)prefix, (void)namespaces, (void)declared, (void)defaulted;
    Reading *reading = data;
    if (!name || reading->failed)
        return;
    Element *element = allocate(sizeof *element), *parent = reading->current;
    element->name = copy((const char *)name, strlen((const char *)name));
    if (namespace)
        element->namespace = copy((const char *)namespace, strlen((const char *)namespace));
    for (int at = 0; at < attributes; at++) {
        const xmlChar **value = values + 5 * at;
        set_attribute(element, (const char *)value[0], resolved(value[3], (size_t)(value[4] - value[3])));
    }
    element->parent = parent;
    if (!parent)
        reading->root = element;
    else if (parent->last)
        parent->last->next = element;
    else
        parent->first = element;
    if (parent)
        parent->last = element;
    reading->current = element;
}

static void end_element(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *namespace) {
    (void)prefix, (void)namespace;
    Reading *reading = data;
    if (!name || !reading->current || reading->failed || !reading->current->parent)
        return;
    if (strcmp(reading->current->name, (const char *)name) == 0)
        reading->current = reading->current->parent;
}

static void text(void *data, const xmlChar *bytes, int length) {
    Reading *reading = data;
    if (reading->current && !reading->failed && bytes && length)
        push(&reading->current->text, bytes, (size_t)length);
}

static void note_error(Reading *reading, uint32_t code) {
    if (!reading->failed)
        reading->code = code;
    reading->failed = true;
}

static void error(void *data, const char *format, ...) {
    (void)format;
    note_error(data, 1);
}

/* What is being read. */
static Reading *in_hand;

/* Some errors in declarations libxml2 hands over with its own context instead of the reading. libpurple writes into
 * that, and fails. */
static void structured_error(void *data, xmlErrorPtr error) {
    (void)data;
    if (error && (error->level == XML_ERR_ERROR || error->level == XML_ERR_FATAL))
        note_error(in_hand, (uint32_t)error->code);
}

/* Errors that do not belong to a parser, which libpurple does not ask for. */
static void no_parsers_error(void *data, xmlErrorPtr error) {
    (void)data, (void)error;
}

static void put(Buffer *record, const Element *element) {
    token_text(record, '<', element->name);
    if (element->namespace)
        token_text(record, 'n', element->namespace);
    for (const Attribute *attribute = element->attributes; attribute; attribute = attribute->next) {
        token_text(record, '@', attribute->name);
        token_text(record, '=', attribute->value);
    }
    token(record, '$', element->text.bytes, element->text.length);
    for (const Element *child = element->first; child; child = child->next)
        put(record, child);
    token_text(record, '>', "");
}

int main(void) {
    static xmlSAXHandler handler = {
        .characters = text,
        .error = error,
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = start_element,
        .endElementNs = end_element,
        .serror = structured_error,
    };
    Buffer request = {0}, record = {0};
    xmlInitParser();
    xmlSetStructuredErrorFunc(NULL, no_parsers_error);
    while (next_request(&request)) {
        Reading reading = {0};
        record.length = 0;
        in_hand = &reading;
        /* An empty file never comes to the parser. */
        bool accepted = request.length > 0 && xmlSAXUserParseMemory(&handler, &reading, (const char *)request.bytes,
                                                                    (int)request.length) >= 0;
        accepted = accepted && !reading.failed && reading.root;
        token_text(&record, 'E', accepted ? "accepted" : "refused");
        if (accepted)
            put(&record, reading.root);
        free_element(reading.root);
        answer(&record, reading.code);
    }
    return EXIT_SUCCESS;
}
