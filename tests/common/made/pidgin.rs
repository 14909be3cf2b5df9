//! Files of Pidgin and Finch.

use std::fmt::Write;

use arbitrary::Result;

use super::{Maker, words};

const SETTINGS: [(&str, &str); 22] = [
    ("connection_security", "string"),
    ("auth_plain_in_clear", "bool"),
    ("connect_server", "string"),
    ("port", "int"),
    ("bosh_url", "string"),
    ("ft_proxies", "string"),
    ("check-mail", "bool"),
    ("custom_smileys", "bool"),
    ("auto-login", "bool"),
    ("require_tls", "bool"),
    ("use_tls", "bool"),
    ("old_ssl", "bool"),
    ("auth_plain_allowed", "bool"),
    ("silence-suppression", "bool"),
    ("use-global-buddyicon", "bool"),
    ("encoding", "string"),
    ("enable-sasl", "bool"),
    ("opportunistic_tls", "bool"),
    ("prefer_ipv6", "bool"),
    ("always-otr", "bool"),
    ("mood", "string"),
    ("hidden", "bool"),
];

const SECURITY: [&str; 5] = ["require_tls", "opportunistic_tls", "old_ssl", "none", ""];

const PREFERENCES: [(&str, &str, &str); 26] = [
    ("purple", "savestatus/idleaway", "int"),
    ("purple", "away/idle_reporting", "string"),
    ("purple", "away/mins_before_away", "int"),
    ("purple", "away/away_when_idle", "bool"),
    ("purple", "away/auto_reply", "string"),
    ("purple", "logging/log_ims", "bool"),
    ("purple", "logging/log_chats", "bool"),
    ("purple", "logging/log_system", "bool"),
    ("purple", "proxy/type", "string"),
    ("purple", "proxy/host", "string"),
    ("purple", "proxy/port", "int"),
    ("purple", "proxy/socks4_remotedns", "bool"),
    ("purple", "network/stun_server", "string"),
    ("purple", "network/turn_server", "string"),
    ("purple", "network/map_ports", "bool"),
    ("purple", "network/auto_ip", "bool"),
    ("purple", "conversations/im/send_typing", "bool"),
    ("purple", "sound/while_status", "int"),
    ("purple", "savedstatus/startup", "int"),
    ("pidgin", "plugins/loaded", "pathlist"),
    ("pidgin", "browsers/browser", "string"),
    ("pidgin", "browsers/command", "path"),
    ("pidgin", "browsers/manual_command", "string"),
    ("pidgin", "sound/method", "string"),
    ("pidgin", "sound/command", "path"),
    ("OTR", "enabled", "bool"),
];

pub(super) fn make(maker: &mut Maker<'_, '_>) -> Result<()> {
    accounts(maker)?;
    if maker.random.arbitrary()? {
        buddies(maker)?;
    }
    if maker.random.arbitrary()? {
        preferences(maker)?;
    }
    if maker.random.ratio(1, 3)? {
        pounces(maker)?;
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    let is_allowed =
        |character: &char| matches!(character, '\t' | '\n' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}');
    let mut escaped = String::new();
    for character in text.chars().filter(is_allowed) {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\'' => escaped.push_str("&apos;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn accounts(maker: &mut Maker<'_, '_>) -> Result<()> {
    let mut text = String::from("<?xml version='1.0' encoding='UTF-8' ?>\n\n<account version='1.0'>\n");
    for _ in maker.some(3)? {
        let protocol = words::word(maker.random, &["prpl-jabber", "prpl-jabber", "prpl-irc", "prpl-gtalk"])?;
        let name = words::jid(maker.random)?;
        let password = maker.password()?;
        let _ = write!(
            text,
            "\t<account>\n\t\t<protocol>{}</protocol>\n\t\t<name>{}</name>\n",
            escaped(&protocol),
            escaped(&name)
        );
        if !password.is_empty() {
            let _ = writeln!(text, "\t\t<password>{password}</password>");
        }
        settings(maker, &mut text)?;
        if maker.random.ratio(1, 3)? {
            proxy(maker, &mut text)?;
        }
        text.push_str("\t</account>\n");
    }
    text.push_str("</account>\n");
    maker.write(".purple/accounts.xml", text);
    Ok(())
}

fn settings(maker: &mut Maker<'_, '_>, text: &mut String) -> Result<()> {
    let interface = ["", " ui='gtk-gaim'", " ui='gnt-purple'"][maker.random.choose_index(3)?];
    let _ = writeln!(text, "\t\t<settings{interface}>");
    for _ in maker.some(8)? {
        let (name, kind) = *maker.random.choose(&SETTINGS)?;
        let value = match name {
            "connection_security" => words::word(maker.random, &SECURITY)?,
            "bosh_url" if maker.random.arbitrary()? => {
                format!("http://alice:{}@bosh.example.org/", maker.planted.next_numbered())
            }
            _ => words::value(maker.random)?,
        };
        let _ = writeln!(text, "\t\t\t<setting name='{name}' type='{kind}'>{}</setting>", escaped(&value));
    }
    text.push_str("\t\t</settings>\n");
    Ok(())
}

fn proxy(maker: &mut Maker<'_, '_>, text: &mut String) -> Result<()> {
    let kind = words::word(maker.random, &["tor", "socks5", "socks4", "http", "envvar", "none", "global"])?;
    let (host, port) = (words::host(maker.random)?, words::number(maker.random)?);
    let password = maker.password()?;
    let _ = writeln!(
        text,
        "\t\t<proxy><type>{}</type><host>{}</host><port>{}</port><username>alice</username><password>{password}</password></proxy>",
        escaped(&kind),
        escaped(&host),
        escaped(&port)
    );
    Ok(())
}

fn buddies(maker: &mut Maker<'_, '_>) -> Result<()> {
    let mut text = String::from(
        "<?xml version='1.0' encoding='UTF-8' ?>\n<purple version='1.0'>\n<blist>\n<group name='Chats'>\n",
    );
    for _ in maker.some(4)? {
        let account = words::jid(maker.random)?;
        let (room, server) = (words::jid(maker.random)?, words::host(maker.random)?);
        let password = maker.password()?;
        let _ = write!(
            text,
            "<chat proto='prpl-jabber' account='{}'><component name='room'>{}</component><component name='server'>{}</component><component name='password'>{password}</component><setting name='gtk-autojoin' type='bool'>{}</setting></chat>\n<contact><buddy account='{}' proto='prpl-jabber'><name>{}</name><setting name='OTR/enabled' type='bool'>{}</setting></buddy></contact>\n",
            escaped(&account),
            escaped(&room),
            escaped(&server),
            escaped(&words::boolean(maker.random)?),
            escaped(&account),
            escaped(&words::jid(maker.random)?),
            escaped(&words::boolean(maker.random)?),
        );
    }
    text.push_str("</group>\n</blist>\n<privacy>\n");
    let _ = write!(
        text,
        "<account proto='prpl-jabber' name='alice@example.org/' mode='{}'/>",
        maker.random.arbitrary::<u8>()?
    );
    text.push_str("</privacy>\n</purple>\n");
    maker.write(".purple/blist.xml", text);
    Ok(())
}

fn preferences(maker: &mut Maker<'_, '_>) -> Result<()> {
    let mut text = String::from("<?xml version='1.0' encoding='UTF-8' ?>\n\n<pref version='1' name='/'>\n");
    for _ in maker.some(10)? {
        let (top, path, kind) = *maker.random.choose(&PREFERENCES)?;
        let _ = write!(text, "<pref name='{top}'>");
        let folders: Vec<&str> = path.split('/').collect();
        let (last, above) = folders.split_last().unwrap_or((&"", &[]));
        for folder in above {
            let _ = write!(text, "<pref name='{folder}'>");
        }
        let value = match *last {
            "manual_command" | "command" => format!("TOKEN={} run %s", maker.planted.next_numbered()),
            _ => words::value(maker.random)?,
        };
        match kind {
            "pathlist" => {
                let _ =
                    write!(text, "<pref name='{last}' type='{kind}'><item value='{}'/></pref>", escaped(&value));
            }
            _ => {
                let _ = write!(text, "<pref name='{last}' type='{kind}' value='{}'/>", escaped(&value));
            }
        }
        text.push_str(&"</pref>".repeat(above.len() + 1));
        text.push('\n');
    }
    text.push_str("</pref>\n");
    maker.write(".purple/prefs.xml", text);
    Ok(())
}

fn pounces(maker: &mut Maker<'_, '_>) -> Result<()> {
    let secret = maker.planted.next_numbered();
    let who = words::jid(maker.random)?;
    maker.write(
        ".purple/pounces.xml",
        format!(
            "<?xml version='1.0' encoding='UTF-8' ?>\n<pounces version='1.0'><pounce ui='gtk-gaim'><account protocol='prpl-jabber'>{0}</account><pouncee>{0}</pouncee><options/><events><event type='sign-on'/></events><actions><action type='execute-command'><param name='command'>notify --token {secret}</param></action></actions></pounce></pounces>\n",
            escaped(&who)
        ),
    );
    Ok(())
}
