/* What GLib's markup parser tells libpurple 2.14 of prefs.xml: every start and end of an element, and whether it
 * stopped at an error. libpurple never says that the file has ended. */
#include <glib.h>

#include "protocol.h"

static void start_element(GMarkupParseContext *context, const gchar *name, const gchar **names, const gchar **values,
                          gpointer record, GError **error) {
    (void)context, (void)error;
    token_text(record, '<', name);
    for (; *names; names++, values++) {
        token_text(record, '@', *names);
        token_text(record, '=', *values);
    }
}

static void end_element(GMarkupParseContext *context, const gchar *name, gpointer record, GError **error) {
    (void)context, (void)error;
    token_text(record, '>', name);
}

/* GLib warns of bad files; only what is a fault of this program ends it. */
static void hear(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain, (void)data;
    if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
        give_up(message);
}

int main(void) {
    static const GMarkupParser parser = {.start_element = start_element, .end_element = end_element};
    Buffer request = {0}, record = {0};
    g_log_set_default_handler(hear, NULL);
    while (next_request(&request)) {
        GError *error = NULL;
        record.length = 0;
        GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &record, NULL);
        gboolean accepted =
            g_markup_parse_context_parse(context, (const char *)request.bytes, (gssize)request.length, &error);
        token_text(&record, 'E', accepted ? "accepted" : "refused");
        uint32_t note = error ? (uint32_t)error->code + 1 : 0;
        g_clear_error(&error);
        g_markup_parse_context_free(context);
        answer(&record, note);
    }
    return EXIT_SUCCESS;
}
