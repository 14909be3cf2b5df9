//! Texts that are too large, too many, too deep, or in no encoding.

use super::trap::Told::{Finding, Nothing, NothingInWalk, Notice};
use super::trap::{
    BUDDIES, GAJIM_TEXT, HUGE, Home, LONG_TEXT, PREFERENCES, PROFANITY, PROFRC, PURPLE, TEXT, Told, Trap, WEAK,
    weak_account,
};

/// What does not look like a client’s file may be passed over by who only walks by.
const TOO_LARGE: &[Told] = &[Notice("too large"), NothingInWalk];
const TOO_MANY: &[Told] = &[Notice("more than")];
const MALFORMED: &[Told] = &[Finding("file-malformed")];
const ROOMS: [&str; 2] = ["<purple version='1.0'><blist><group name='g'>", "</group></blist></purple>"];

pub const TRAPS: &[Trap] = &[
    Trap {
        home: "gigabyte-line",
        about: "a gigabyte of one line in the place of Pidgin’s accounts",
        make: |home| home.sparse(PURPLE, b"<account>", 1 << 30),
        told: TOO_LARGE,
    },
    Trap {
        home: "gigabyte-preferences",
        about: "a gigabyte of NUL in the place of Pidgin’s preferences",
        make: |home| home.sparse(PREFERENCES, b"<pref version='1' name='/'>", 1 << 30),
        told: TOO_LARGE,
    },
    Trap {
        home: "gigabyte-accounts",
        about: "a gigabyte of one line in the place of Profanity’s accounts",
        make: |home| home.sparse(PROFANITY, WEAK.as_bytes(), 1 << 30),
        told: TOO_LARGE,
    },
    Trap {
        home: "gigabyte-shell",
        about: "a gigabyte of a shell’s start-up file",
        make: |home| home.sparse(".profile", b"export GIO_USE_TLS=dummy\n", 1 << 30),
        told: TOO_LARGE,
    },
    Trap {
        home: "gigabyte-certificate",
        about: "a gigabyte of an accepted certificate",
        make: gigabyte_certificate,
        told: &[Notice("too large")],
    },
    Trap {
        home: "huge-accounts",
        about: "64 MiB of <account/>",
        make: |home| {
            home.fill(PURPLE, HUGE, ["<account version='1.0'>", "</account>"], |_| "<account/>".repeat(100))
        },
        told: TOO_LARGE,
    },
    Trap {
        home: "huge-groups",
        about: "64 MiB of groups",
        make: |home| home.fill(PROFANITY, HUGE, [WEAK, ""], |number| format!("[{number}]\n")),
        told: TOO_LARGE,
    },
    Trap {
        home: "huge-keys",
        about: "64 MiB of keys",
        make: |home| home.fill(PROFANITY, HUGE, [WEAK, ""], |number| format!("{number}=\n")),
        told: TOO_LARGE,
    },
    Trap {
        home: "huge-attributes",
        about: "64 MiB of attributes of one element",
        make: |home| home.fill(BUDDIES, HUGE, ["<purple ", "/>"], |number| format!("a{number}='' ")),
        told: TOO_MANY,
    },
    Trap {
        home: "many-empty",
        about: "as many <account/> as may be read",
        make: |home| {
            home.fill(PURPLE, TEXT, ["<account version='1.0'>", "</account>"], |_| "<account/>".to_owned())
        },
        told: TOO_MANY,
    },
    Trap {
        home: "many-accounts",
        about: "as many accounts of Pidgin as may be read",
        make: many_accounts,
        told: TOO_MANY,
    },
    Trap {
        home: "many-groups",
        about: "as many groups of Profanity’s accounts as may be read",
        make: |home| home.fill(PROFANITY, TEXT, [WEAK, ""], |number| format!("[{number}]\n")),
        told: TOO_MANY,
    },
    Trap {
        home: "many-keys",
        about: "as many keys of one account as may be read",
        make: |home| home.fill(PROFANITY, TEXT, [WEAK, ""], |number| format!("{number}=\n")),
        told: TOO_MANY,
    },
    Trap {
        home: "many-duplicates",
        about: "as many passwords of one account as may be read",
        make: |home| home.fill(PROFANITY, TEXT, [WEAK, ""], |number| format!("password={number}\n")),
        told: TOO_MANY,
    },
    Trap {
        home: "many-attributes",
        about: "100,000 attributes of one element",
        make: |home| home.fill(PURPLE, TEXT, ["<account ", "/>"], |number| format!("a{number}='' ")),
        told: TOO_MANY,
    },
    Trap {
        home: "many-tags",
        about: "a list of contacts of nothing but tags",
        make: |home| home.fill(BUDDIES, LONG_TEXT, ROOMS, |_| "<a/>".to_owned()),
        told: TOO_MANY,
    },
    Trap {
        home: "many-pieces",
        about: "a list of contacts of tags, attributes and pieces of text",
        make: |home| home.fill(BUDDIES, LONG_TEXT, ROOMS, |_| "<a b='' c=''/>x".to_owned()),
        told: TOO_MANY,
    },
    Trap {
        home: "many-rooms",
        about: "as many rooms as may be read",
        make: |home| home.fill(BUDDIES, LONG_TEXT, ROOMS, room),
        told: TOO_MANY,
    },
    Trap {
        home: "many-contacts",
        about: "as many contacts as may be read",
        make: |home| home.fill(BUDDIES, LONG_TEXT, ROOMS, contact),
        told: TOO_MANY,
    },
    Trap {
        home: "long-rooms",
        about: "a list of contacts that is too long to be held in memory, all rooms",
        make: |home| home.fill(BUDDIES, 3 * LONG_TEXT, ROOMS, room),
        told: TOO_MANY,
    },
    Trap {
        home: "long-groups",
        about: "such a list of nothing but groups",
        make: |home| home.fill(BUDDIES, 3 * LONG_TEXT, ROOMS, |_| "</group><group name='g'>".to_owned()),
        told: TOO_MANY,
    },
    Trap {
        home: "long-tag",
        about: "such a list of one tag",
        make: |home| {
            home.fill(BUDDIES, 3 * LONG_TEXT, ["<purple><blist a='", "'/></purple>"], |_| "x".repeat(1024))
        },
        told: TOO_MANY,
    },
    Trap {
        home: "many-secrets",
        about: "as many passwords as may be read",
        make: |home| home.fill(BUDDIES, LONG_TEXT, ROOMS, |_| "<password>x</password>".to_owned()),
        told: TOO_MANY,
    },
    Trap {
        home: "many-lines",
        about: "4 MiB of line ends",
        make: |home| home.fill(BUDDIES, LONG_TEXT, ROOMS, |_| "\n".repeat(64)),
        told: &[Nothing, Finding("readable-by-others")],
    },
    Trap {
        home: "many-preferences",
        about: "as many preferences as may be read",
        make: |home| {
            home.fill(PREFERENCES, TEXT, ["<pref version='1' name='/'>", "</pref>"], |_| "<a/>".to_owned())
        },
        told: TOO_MANY,
    },
    Trap {
        home: "many-aliases",
        about: "as many aliases that join rooms as may be read",
        make: many_aliases,
        told: TOO_MANY,
    },
    Trap {
        home: "many-ignored",
        about: "as many ignored bookmarks as may be read",
        make: |home| {
            home.fill(".local/share/profanity/bookmark_ignore", TEXT, ["[alice@example.org]\n", ""], |number| {
                format!("r{number}@riseup.net=true\n")
            })
        },
        told: TOO_MANY,
    },
    Trap {
        home: "many-bindings",
        about: "as many key bindings as may be read",
        make: |home| {
            home.fill(".config/profanity/inputrc", TEXT, ["", ""], |number| {
                format!("\"\\C-x{number}\": \"/join r{number}@riseup.net\\n\"\n")
            })
        },
        told: TOO_MANY,
    },
    Trap {
        home: "many-sections",
        about: "as many accounts of Gajim’s text file as may be read",
        make: |home| {
            home.fill(GAJIM_TEXT, TEXT, ["version = 1.1.3\n", ""], |number| {
                format!("accounts.a{number}.name = a{number}\n")
            })
        },
        told: TOO_MANY,
    },
    Trap {
        home: "many-words",
        about: "a start-up file of one command with 100,000 words",
        make: |home| home.fill(".profile", 128 << 10, ["profanity ", "\n"], |_| "a ".to_owned()),
        told: &[Nothing],
    },
    Trap {
        home: "many-commands",
        about: "a start-up file of commands",
        make: |home| home.fill(".profile", 128 << 10, ["", ""], |number| format!("profanity -a a{number}\n")),
        told: &[Nothing],
    },
    Trap {
        home: "long-names",
        about: "an account with a name of half a megabyte, in a thousand places",
        make: long_names,
        told: TOO_MANY,
    },
    Trap {
        home: "long-names-text",
        about: "the same in Gajim’s text file",
        make: long_names_text,
        told: &[Finding("account-address-malformed")],
    },
    Trap {
        home: "deep-xml",
        about: "100,000 elements inside one another",
        make: |home| home.write(PURPLE, format!("<account>{}", "<a>".repeat(100_000))),
        told: MALFORMED,
    },
    Trap {
        home: "deep-preferences",
        about: "60,000 preferences inside one another, where GLib sets no bound",
        make: |home| home.fill(PREFERENCES, TEXT, ["", ""], |_| "<pref name='a'>".to_owned()),
        told: MALFORMED,
    },
    Trap { home: "laughs", about: "a billion laughs", make: |home| home.write(PURPLE, laughs()), told: MALFORMED },
    Trap {
        home: "external-entity",
        about: "an entity that is somebody’s file",
        make: |home| home.write(PURPLE, declared("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "&x;")),
        told: MALFORMED,
    },
    Trap {
        home: "parameter-entity",
        about: "a parameter entity from the network",
        make: |home| home.write(PURPLE, declared("<!ENTITY % x SYSTEM 'http://127.0.0.1/x'> %x;", "&x;")),
        told: MALFORMED,
    },
    Trap {
        home: "utf-16",
        about: "UTF-16, which Pidgin reads",
        make: |home| home.write(PURPLE, utf_16(&weak_account(""))),
        told: &[Finding("encryption-optional")],
    },
    Trap {
        home: "latin-1",
        about: "ISO-8859-1, which Pidgin reads",
        make: |home| {
            home.write(
                PURPLE,
                [b"<?xml version='1.0' encoding='ISO-8859-1'?><!-- \xe9 -->", weak_account("").as_bytes()].concat(),
            )
        },
        told: &[Finding("encryption-optional")],
    },
    Trap {
        home: "utf-7",
        about: "an encoding that hides markup",
        make: |home| home.write(PURPLE, format!("<?xml version='1.0' encoding='UTF-7'?>{}", weak_account("+ADw-"))),
        told: MALFORMED,
    },
    Trap {
        home: "overlong",
        about: "markup in overlong UTF-8",
        make: |home| home.write(PURPLE, [b"\xc0\xbcaccount>", weak_account("").as_bytes()].concat()),
        told: MALFORMED,
    },
    Trap {
        home: "nul",
        about: "a NUL in the middle, at which C stops",
        make: |home| home.write(PURPLE, weak_account("").replace("</settings>", "\0</settings>")),
        told: MALFORMED,
    },
    Trap {
        home: "cut-character",
        about: "an end in the middle of a character",
        make: |home| home.write(PURPLE, [weak_account("").as_bytes(), b"\xe2\x82"].concat()),
        told: MALFORMED,
    },
    Trap {
        home: "surrogate",
        about: "half a character of UTF-16",
        make: |home| {
            home.write(PURPLE, [utf_16("<account>").as_slice(), &[0x00, 0xd8], &utf_16("</account>")[2..]].concat())
        },
        told: MALFORMED,
    },
    Trap {
        home: "keyfile-utf-16",
        about: "UTF-16 where GLib wants UTF-8",
        make: |home| home.write(PROFANITY, utf_16(WEAK)),
        told: MALFORMED,
    },
    Trap {
        home: "keyfile-binary",
        about: "bytes of all values in the place of a key file",
        make: |home| home.write(PROFANITY, (0..=u8::MAX).cycle().take(100_000).collect::<Vec<_>>()),
        told: MALFORMED,
    },
    Trap {
        home: "certificates",
        about: "certificates that are none, and names that are escaped",
        make: certificates,
        told: &[Finding("certificate-exception")],
    },
];

fn room(number: usize) -> String {
    format!(
        "<chat proto='prpl-jabber' account='alice@riseup.net/'><component name='room'>r{number}</component>\
         <component name='server'>riseup.net</component></chat>"
    )
}

fn contact(number: usize) -> String {
    format!("<contact><buddy account='a@b.c/' proto='prpl-jabber'><name>b{number}@b.c</name></buddy></contact>")
}

fn many_accounts(home: &Home) {
    home.fill(PURPLE, TEXT, ["<account version='1.0'>", "</account>"], |number| {
        format!(
            "<account><protocol>prpl-jabber</protocol><name>a{number}@b.c/</name><password>x{number}</password></account>"
        )
    });
}

fn many_aliases(home: &Home) {
    home.write(PROFANITY, WEAK);
    home.fill(PROFRC, TEXT, ["[alias]\n", ""], |number| format!("a{number}=/join r{number}@riseup.net\n"));
}

fn long_names(home: &Home) {
    let name = "n".repeat(TEXT / 2);
    home.fill(PROFANITY, TEXT, [&format!("[{name}]\ntls.policy=allow\n"), ""], |number| format!("port={number}\n"));
}

fn long_names_text(home: &Home) {
    let name = "n".repeat(TEXT / 4);
    home.write(
        GAJIM_TEXT,
        format!("version = 1.1.3\naccounts.{name}.name = a\naccounts.{name}.hostname = {name}\n"),
    );
}

fn declared(declaration: &str, used: &str) -> String {
    format!("<?xml version='1.0'?><!DOCTYPE account [{declaration}]>{}", weak_account(used))
}

fn laughs() -> String {
    let entities: String = (1..30)
        .map(|number| format!("<!ENTITY l{number} '{}'>", format!("&l{};", number - 1).repeat(10)))
        .collect();
    declared(&format!("<!ENTITY l0 'lol'>{entities}"), "&l29;")
}

fn utf_16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

fn gigabyte_certificate(home: &Home) {
    home.write(PURPLE, weak_account(""));
    let begin = b"-----BEGIN CERTIFICATE-----\n";
    home.sparse(".purple/certificates/x509/tls_peers/example.org", begin, 1 << 30);
}

fn certificates(home: &Home) {
    home.write(PURPLE, weak_account(""));
    let pem = |body: &str| format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    let nested = pem(&"MIAwgDCAMIAwgDCAMIAwgDCA".repeat(20_000));
    for (name, content) in
        [("empty", pem("")), ("not-der", pem("AAAA")), ("nested", nested), ("%1b%5b2J", pem("!"))]
    {
        home.write(&format!(".purple/certificates/x509/tls_peers/{name}"), content);
    }
}
