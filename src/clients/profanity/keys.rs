//! The names that Profanity looks for in its files.

/// Keys of a group in `accounts`. Source: `src/config/accounts.c`, 0.5.0 to 0.18.2.
pub(super) const ACCOUNT: &[&str] = &[
    "auth.policy",
    "client.account_name",
    "client.name",
    "enabled",
    "eval_password",
    "jid",
    "last.activity",
    "max.sessions",
    "muc.nick",
    "muc.service",
    "omemo.disabled",
    "omemo.enabled",
    "omemo.policy",
    "otr.always",
    "otr.manual",
    "otr.opportunistic",
    "otr.policy",
    "ox.enabled",
    "password",
    "pgp.disabled",
    "pgp.enabled",
    "pgp.keyid",
    "port",
    "presence.last",
    "presence.laststatus",
    "presence.login",
    "priority.away",
    "priority.chat",
    "priority.dnd",
    "priority.online",
    "priority.xa",
    "resource",
    "script.start",
    "server",
    "theme",
    "tls.policy",
];

/// Keys that no other program's file is likely to have: by them a file of accounts is known.
pub(super) const TYPICAL_OF_ACCOUNTS: &[&str] = &[
    "auth.policy",
    "eval_password",
    "muc.nick",
    "muc.service",
    "otr.policy",
    "presence.last",
    "presence.login",
    "priority.online",
    "tls.policy",
];

/// Keys that the client writes at every login: a difference between two of them tells nobody anything.
pub(super) const STATE: &[&str] = &["last.activity", "presence.last", "presence.laststatus"];

/// A group of `profrc`, and the keys in it that are looked for.
pub(super) struct Preferences {
    /// The group's name.
    pub group: &'static str,
    /// Keys read as `true` or `false`.
    pub booleans: &'static [&'static str],
    /// Other keys.
    pub others: &'static [&'static str],
}

/// The groups of `profrc`. Source: `src/config/preferences.c` of 0.18.2 and after, `prefs_get_boolean` and the
/// rest. Groups in which users choose the keys (`alias`) have none.
pub(super) const PREFERENCES: &[Preferences] = &[
    Preferences { group: "alias", booleans: &[], others: &[] },
    Preferences { group: "chatstates", booleans: &["enabled", "outtype"], others: &["gone"] },
    Preferences {
        group: "connection",
        booleans: &[
            "carbons",
            "correction.allow",
            "mam",
            "receipts.request",
            "receipts.send",
            "reveal.os",
            "silence.incoming.nonroster",
            "strophe.sm.enabled",
            "strophe.sm.resend",
        ],
        others: &[
            "account",
            "autoping",
            "autoping.timeout",
            "defaccount",
            "muc.ping.interval",
            "muc.ping.timeout",
            "reconnect",
            "strophe.verbosity",
            "tls.certpath",
        ],
    },
    Preferences {
        group: "executables",
        booleans: &[],
        others: &["avatar.cmd", "url.open.cmd", "url.save.cmd", "vcard.photo.cmd"],
    },
    Preferences {
        group: "logging",
        booleans: &["chlog", "grlog", "rotate", "shared"],
        others: &["avatar.cmd", "dblog", "maxsize", "urlopen.cmd"],
    },
    Preferences { group: "muc", booleans: &["bookmark.invite", "rooms.cache"], others: &[] },
    Preferences {
        group: "notifications",
        booleans: &[
            "adv.notify.discoversion",
            "invite",
            "message",
            "message.current",
            "message.text",
            "room.current",
            "room.mention",
            "room.mention.casesensitive",
            "room.mention.wholeword",
            "room.offline",
            "room.text",
            "room.trigger",
            "sub",
            "tray",
            "tray.read",
            "typing",
            "typing.current",
        ],
        // `room` was a word before 0.5.0, and words are still converted at start.
        others: &["remind", "room", "room.trigger.list", "tray.timer"],
    },
    Preferences { group: "omemo", booleans: &[], others: &["log", "policy", "sendfile", "trustmode"] },
    Preferences { group: "otr", booleans: &["sendfile"], others: &["log", "policy"] },
    Preferences { group: "ox", booleans: &["encryptfile"], others: &["log"] },
    Preferences { group: "pgp", booleans: &["pgp.pubkey.autoimport", "sendfile"], others: &["log"] },
    Preferences { group: "plugins", booleans: &[], others: &["load", "sourcepath"] },
    Preferences {
        group: "presence",
        booleans: &["autoaway.check", "lastactivity"],
        others: &[
            "autoaway.awaymessage",
            "autoaway.awaytime",
            "autoaway.message",
            "autoaway.mode",
            "autoaway.time",
            "autoaway.xamessage",
            "autoaway.xatime",
        ],
    },
    Preferences { group: "spellcheck", booleans: &["enabled"], others: &["lang"] },
    Preferences {
        group: "ui",
        booleans: &[
            "beep",
            "clear.persist_history",
            "color.nick.own",
            "color.occupants.nick",
            "color.roster.nick",
            "enc.warn",
            "flash",
            "history",
            "inpblock.dynamic",
            "intype",
            "intype.console",
            "mood",
            "occupants",
            "occupants.jid",
            "occupants.offline",
            "occupants.wrap",
            "presence",
            "privileges",
            "resource.message",
            "resource.title",
            "roster",
            "roster.contacts",
            "roster.count.zero",
            "roster.empty",
            "roster.offline",
            "roster.presence",
            "roster.priority",
            "roster.resource",
            "roster.resource.join",
            "roster.rooms",
            "roster.status",
            "roster.unsubscribed",
            "roster.wrap",
            "slashguard",
            "splash",
            "statusbar.show.name",
            "statusbar.show.number",
            "statusbar.show.read",
            "tls.show",
            "vercheck",
            "wintitle.goodbye",
            "wintitle.show",
            "wrap",
        ],
        others: &["compose.editor", "theme", "time"],
    },
];

/// The booleans of a room's own group in `profrc`.
pub(super) const ROOM: &[&str] = &["notify", "notify.mention", "notify.trigger"];

/// The preferences of that group, if the client knows it.
pub(super) fn preferences(group: &[u8]) -> Option<&'static Preferences> {
    PREFERENCES.iter().find(|preferences| preferences.group.as_bytes() == group)
}

impl Preferences {
    /// Whether the client looks for this key.
    pub(super) fn knows(&self, key: &[u8]) -> bool {
        contains(self.booleans, key) || contains(self.others, key)
    }
}

/// Whether `key` is one of `keys`, to the letter.
pub(super) fn contains(keys: &[&str], key: &[u8]) -> bool {
    keys.iter().any(|known| known.as_bytes() == key)
}

/// The key that a user may have meant who wrote `key`: the same letters in another case, or `-`, `_` or a blank
/// between the words.
pub(super) fn meant(keys: impl IntoIterator<Item = &'static str>, key: &[u8]) -> Option<&'static str> {
    let mut found = None;
    for known in keys {
        if known.as_bytes() == key {
            return None;
        }
        if known.len() == key.len() && known.bytes().zip(key).all(|(known, written)| same_letter(known, *written)) {
            found = Some(known);
        }
    }
    found
}

fn same_letter(known: u8, written: u8) -> bool {
    const BETWEEN_WORDS: &[u8] = b".-_ ";
    known == written.to_ascii_lowercase() || (BETWEEN_WORDS.contains(&known) && BETWEEN_WORDS.contains(&written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_what_was_meant() {
        let account = |key: &str| meant(ACCOUNT.iter().copied(), key.as_bytes());
        assert_eq!(account("TLS.POLICY"), Some("tls.policy"));
        assert_eq!(account("tls policy"), Some("tls.policy"));
        assert_eq!(account("Eval-Password"), Some("eval_password"));
        assert_eq!(account("tls.policy"), None);
        assert_eq!(account(";tls.policy"), None);
        assert_eq!(account("notes"), None);
        assert_eq!(account("tlsXpolicy"), None);
        assert_eq!(account("t_s.policy"), None);
    }

    #[test]
    fn what_is_typical_is_known() {
        assert!(TYPICAL_OF_ACCOUNTS.iter().chain(STATE).all(|key| contains(ACCOUNT, key.as_bytes())));
        assert!(preferences(b"connection").unwrap().knows(b"tls.certpath"));
        assert!(preferences(b"privacy").is_none());
    }
}
