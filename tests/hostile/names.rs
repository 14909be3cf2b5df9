//! Names and contents that harm whoever shows them.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use super::trap::Told::Finding;
use super::trap::{BUDDIES, Home, PROFANITY, PROFRC, PURPLE, Trap, WEAK, weak_account};

const WEAK_FOUND: &[super::trap::Told] = &[Finding("encryption-optional")];

/// What must never come out raw, whatever the format.
pub const RAW: [&str; 6] = ["\u{1b}", "\u{7}", "\u{202e}", "\u{2066}", "\u{9b}", "\r"];

pub const TRAPS: &[Trap] = &[
    Trap {
        home: "name-newline",
        about: "a line feed in a folder’s name",
        make: |home| named(home, b"new\nline"),
        told: WEAK_FOUND,
    },
    Trap {
        home: "name-escape",
        about: "terminal escapes in a folder’s name: clear the screen, set the title",
        make: |home| named(home, b"\x1b[2J\x1b]0;owned\x07"),
        told: WEAK_FOUND,
    },
    Trap {
        home: "name-c1",
        about: "a C1 control that some terminals take for an escape",
        make: |home| named(home, "\u{9b}31m".as_bytes()),
        told: WEAK_FOUND,
    },
    Trap {
        home: "name-bytes",
        about: "a folder’s name that is no UTF-8",
        make: |home| named(home, b"\xff\xfe\xc3("),
        told: WEAK_FOUND,
    },
    Trap {
        home: "name-bidi",
        about: "bidirectional controls that turn a name round",
        make: |home| named(home, "\u{202e}txt.\u{2066}exe".as_bytes()),
        told: WEAK_FOUND,
    },
    Trap {
        home: "name-workflow",
        about: "a workflow command for GitHub",
        make: |home| named(home, b"x\n::set-output name=a::b\n::add-mask::"),
        told: WEAK_FOUND,
    },
    Trap {
        home: "name-html",
        about: "a script as a folder’s name",
        make: |home| named(home, b"<img src=x onerror=alert(1)><script>"),
        told: WEAK_FOUND,
    },
    Trap {
        home: "name-markdown",
        about: "a link and an image in Markdown",
        make: |home| named(home, b"[x](javascript:alert(1)) ![y](http:x) `|"),
        told: WEAK_FOUND,
    },
    Trap {
        home: "name-formula",
        about: "a formula for a spreadsheet",
        make: |home| named(home, b"=HYPERLINK(\"http:x\",\"y\")"),
        told: WEAK_FOUND,
    },
    Trap {
        home: "name-option",
        about: "folders called like options",
        make: |home| named(home, b"--fail-on=never"),
        told: WEAK_FOUND,
    },
    Trap {
        home: "jid-escape",
        about: "escapes, line ends and bidirectional controls in JIDs",
        make: hostile_jids,
        told: &[Finding("encryption-optional")],
    },
    Trap {
        home: "jid-markup",
        about: "HTML, Markdown, formulas and workflow commands in JIDs",
        make: markup_jids,
        told: &[Finding("encryption-optional")],
    },
    Trap {
        home: "rooms-markup",
        about: "the same in the names of rooms",
        make: hostile_rooms,
        told: &[Finding("room-on-account-domain")],
    },
    Trap {
        home: "room-keys",
        about: "the same in groups of Profanity’s preferences",
        make: hostile_groups,
        told: &[Finding("room-address-malformed"), Finding("room-on-account-domain")],
    },
    Trap {
        home: "configuration",
        about: "a configuration that switches everything off, inside of what is audited",
        make: configuration,
        told: WEAK_FOUND,
    },
];

fn named(home: &Home, name: &[u8]) {
    let folder = home.0.join(OsStr::from_bytes(name));
    // Found by a walk under its odd name, and at its place as well.
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("accounts"), format!("{WEAK}account.name=odd\n")).unwrap();
    home.write(PROFANITY, WEAK);
}

/// What somebody might hope to get out of a report in one piece.
const MARKUP: [&str; 6] = [
    "<script>alert(1)</script>",
    "</textarea><img/src=x onerror=alert(1)>",
    "[x](javascript:alert)",
    "=cmd|' /C calc'!A0",
    "::error file=x::owned",
    "{{ 7 * 7 }}{% raw %}",
];

fn hostile_jids(home: &Home) {
    let group = |(number, jid): (usize, &str)| {
        // GLib takes no group with such a name, but any value.
        format!("[a{number}]\nenabled=true\njid={jid}\ntls.policy=allow\nserver=\u{1b}[31m\u{202e}\n")
    };
    let jids = ["\u{1b}[2Ja@b", "a\\nb@c\\r\\n", "\u{202e}a@b\u{2066}", "a\u{200b}\u{feff}@b", "\u{9b}31m@b\u{7}"];
    home.write(PROFANITY, jids.into_iter().enumerate().map(group).collect::<String>());
}

fn markup_jids(home: &Home) {
    let group = |jid: &str| format!("[{jid}]\nenabled=true\njid={jid}@example.org\ntls.policy=allow\n");
    let accounts = MARKUP.map(|text| group(&text.replace(['[', ']'], ""))).concat();
    home.write(PROFANITY, accounts);
}

fn hostile_rooms(home: &Home) {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&apos;");
    let room = |text: &str| {
        format!(
            "<chat proto='prpl-jabber' account='alice@example.org/'><component name='room'>{}</component>\
             <component name='server'>example.org</component></chat>",
            escaped(text)
        )
    };
    home.write(PURPLE, weak_account(""));
    let rooms = MARKUP.map(room).concat() + &room("a&#x1b;[31m\u{202e}") + &room("garden");
    home.write(
        BUDDIES,
        format!("<purple><blist><group>{}</group></blist></purple>", rooms.replace("&amp;#x1b;", "")),
    );
}

fn hostile_groups(home: &Home) {
    home.write(PROFANITY, WEAK);
    let groups = MARKUP.map(|text| format!("[{}@example.org]\nnotify=true\n", text.replace(['[', ']'], "")));
    home.write(PROFRC, groups.concat());
}

fn configuration(home: &Home) {
    home.write(PROFANITY, WEAK);
    let off = "fail-on = \"critical\"\nmin-severity = \"critical\"\nexclude = [\"**\"]\nignore = [\"encryption-optional\"]\n\
               [severity]\nencryption-optional = \"info\"\n[[ignore]]\nrule = \"encryption-optional\"\nreason = \"x\"\n";
    home.write("xmpp-audit.toml", off);
    home.write(".config/xmpp-audit/config.toml", off);
    home.write(".local/share/profanity/.xmpp-audit.toml", "[[[[[[\n");
}
