/* Loads a key file as GLib does, so often: the peer of Profanity's readers, which read their files with it. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments)
{
    int times = count > 2 ? atoi(arguments[2]) : 1;
    gsize groups = 0;
    for (int i = 0; i < times; i++) {
        GKeyFile *file = g_key_file_new();
        GError *error = NULL;
        if (!g_key_file_load_from_file(file, arguments[1], G_KEY_FILE_KEEP_COMMENTS, &error)) {
            fprintf(stderr, "%s\n", error->message);
            return 1;
        }
        g_strfreev(g_key_file_get_groups(file, &groups));
        g_key_file_free(file);
    }
    printf("%lu groups\n", (unsigned long)groups);
    return 0;
}
