//! GKeyFile, exactly as GLib reads it.
