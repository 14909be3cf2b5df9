//! Secrets planted wherever a client keeps or might keep one.

pub use super::canaries::Planted;

use super::MadeUpHome;

/// Plants the secret where Pidgin keeps passwords, and where only a careless tool would look.
fn plant_in_pidgin(home: &MadeUpHome, folder: &str, planted: &mut Planted) {
    let secret = planted.next();
    home.write(
        &format!("{folder}/accounts.xml"),
        format!(
            "<?xml version='1.0' encoding='UTF-8' ?>\n<account version='1.0'>\n<account><protocol>prpl-jabber</protocol><name>alice@example.org/</name><password>{secret}</password><settings><setting name='connection_security' type='string'>opportunistic_tls</setting><setting name='bosh_url' type='string'>http://alice:{secret}@bosh.example.org/</setting></settings><proxy><type>http</type><host>proxy.example.org</host><port>8080</port><username>alice</username><password>{secret}</password></proxy></account><account><protocol>prpl-irc</protocol><name>alice@irc.example.org</name><password>{secret}</password></account>\n</account>\n"
        ),
    );
    let secret = planted.next();
    home.write(
        &format!("{folder}/blist.xml"),
        format!(
            "<purple version='1.0'><blist><group name='Chats'><chat proto='prpl-jabber' account='alice@example.org/'><component name='room'>good</component><component name='server'>example.org</component><component name='password'>{secret}</component></chat><chat proto='prpl-irc' account='alice@irc.example.org'><component name='channel'>#c</component><component name='password'>{secret}</component></chat></group></blist></purple>"
        ),
    );
    let secret = planted.next();
    home.write(
        &format!("{folder}/prefs.xml"),
        format!(
            "<?xml version='1.0'?><pref version='1' name='/'><pref name='purple'><pref name='proxy'><pref name='type' type='string' value='http'/><pref name='host' type='string' value='proxy.example.org'/><pref name='port' type='int' value='8080'/><pref name='username' type='string' value='alice'/><pref name='password' type='string' value='{secret}'/></pref><pref name='network'><pref name='turn_server' type='string' value='alice:{secret}@turn.example.org'/><pref name='turn_password' type='string' value='{secret}'/></pref></pref><pref name='pidgin'><pref name='browsers'><pref name='browser' type='string' value='custom'/><pref name='manual_command' type='string' value='notify --token {secret} %s'/></pref><pref name='sound'><pref name='method' type='string' value='custom'/><pref name='command' type='path' value='TOKEN={secret} play'/></pref></pref></pref>"
        ),
    );
    let secret = planted.next();
    home.write(
        &format!("{folder}/pounces.xml"),
        format!(
            "<pounces version='1.0'><pounce ui='gtk-gaim'><account protocol='prpl-jabber'>alice@example.org</account><pouncee>bob@example.org</pouncee><options/><events><event type='sign-on'/></events><actions><action type='execute-command'><param name='command'>notify --token {secret}</param></action></actions></pounce></pounces>"
        ),
    );
}

fn plant_in_gajim(home: &MadeUpHome, folder: &str, planted: &mut Planted) {
    let secret = planted.next();
    home.write(
        &format!("{folder}/config"),
        format!(
            "version = 0.16.3\naccounts.Work.name = alice\naccounts.Work.hostname = example.org\naccounts.Work.savepass = True\naccounts.Work.password = {secret}\naccounts.Work.oauth2_refresh_token = {secret}\naccounts.tricky.password = pw.{secret} = y\naccounts.Work.password={secret}\naccounts.Work.custom_host=ws://alice:{secret}@h.example.org/\naccounts.Work.proxy=http://alice:{secret}@p.example.org/\nplugins.x.password = {secret}.active = True\nencryption.Work-b@example.org.password = {secret}.encryption = OMEMO\nproxies.P.type = http\nproxies.P.host = proxy.example.org\nproxies.P.user = alice\nproxies.P.useauth = True\nproxies.P.pass = {secret}\n"
        ),
    );
    let secret = planted.next();
    home.write_database(
        &format!("{folder}.db/settings.sqlite"),
        &format!(
            "PRAGMA user_version = 7; CREATE TABLE settings (name TEXT UNIQUE, settings TEXT); CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT); INSERT INTO settings VALUES ('app', '{{\"use_keyring\": false, \"plugin_token\": \"{secret}\", \"remote_control\": true}}'), ('plugins', '{{\"x\": {{\"active\": true, \"token\": \"{secret}\"}}}}'), ('proxies', '{{\"P\": {{\"type\": \"http\", \"host\": \"p.example.org\", \"port\": 8080, \"useauth\": true, \"user\": \"alice\", \"pass\": \"{secret}\"}}}}'), ('workspaces', '{{}}'); INSERT INTO account_settings VALUES ('example.org', '{{\"account\": {{\"password\": \"{secret}\", \"use_custom_host\": true, \"custom_type\": \"PLAIN\", \"custom_host\": \"x.example\", \"address\": \"alice@example.org\", \"active\": true, \"encryption_default\": \"OMEMO\", \"proxy\": \"nowhere\"}}, \"contact\": {{\"b@example.org\": {{\"encryption\": \"\", \"passphrase\": \"{secret}\"}}}}, \"group_chat\": {{}}}}'), ('broken', '{{\"account\": {{\"password\": \"{secret}\", ');"
        ),
    );
}

fn plant_in_dino(home: &MadeUpHome, folder: &str, planted: &mut Planted) {
    let secret = planted.next();
    home.write_database(
        &format!("{folder}/dino.db"),
        &format!(
            "CREATE TABLE _meta (name TEXT PRIMARY KEY, int_val INTEGER, text_val TEXT); INSERT INTO _meta VALUES ('version', 26, NULL); CREATE TABLE account (id INTEGER PRIMARY KEY, bare_jid TEXT UNIQUE, resourcepart TEXT, password TEXT, alias TEXT, enabled INTEGER, roster_version TEXT, mam_earliest_synced INTEGER); INSERT INTO account VALUES (1, 'alice@example.org', 'dino.1', '{secret}', '', 1, NULL, NULL); CREATE TABLE jid (id INTEGER PRIMARY KEY, bare_jid TEXT UNIQUE); INSERT INTO jid VALUES (1, 'room@example.org'); CREATE TABLE conversation (id INTEGER PRIMARY KEY, account_id INTEGER, jid_id INTEGER, resource TEXT, active INTEGER, last_active INTEGER, type INTEGER, encryption INTEGER, read_up_to INTEGER, notification INTEGER, send_typing INTEGER, send_marker INTEGER); INSERT INTO conversation VALUES (1, 1, 1, NULL, 1, 0, 1, 0, NULL, 0, 0, 0); CREATE TABLE settings (id INTEGER PRIMARY KEY, key TEXT UNIQUE, value TEXT);"
        ),
    );
    let secret = planted.next();
    home.write_database(
        &format!("{folder}/omemo.db"),
        &format!(
            "CREATE TABLE identity (id INTEGER PRIMARY KEY, account_id INTEGER UNIQUE, device_id INTEGER, identity_key_private_base64 TEXT, identity_key_public_base64 TEXT); INSERT INTO identity VALUES (1, 1, 7, '{secret}', 'x'), (2, 9, 8, '{secret}', 'x'); CREATE TABLE identity_meta (identity_id INTEGER, address_name TEXT, device_id INTEGER, identity_key_public_base64 TEXT, trust_level INTEGER, now_active INTEGER); INSERT INTO identity_meta VALUES (1, 'bob@example.org', 1, 'x', 0, 1), (1, 'bob@example.org', 2, 'x', 3, 1); CREATE TABLE trust (identity_id INTEGER, address_name TEXT, blind_trust INTEGER); INSERT INTO trust VALUES (1, 'bob@example.org', 1); CREATE TABLE pre_key (identity_id INTEGER, record_base64 TEXT); INSERT INTO pre_key VALUES (1, '{secret}');"
        ),
    );
    let secret = planted.next();
    home.write(
        &format!("{folder}/dino.sql"),
        format!(
            "BEGIN TRANSACTION;\nCREATE TABLE account ( id INTEGER, bare_jid TEXT, resourcepart TEXT, password TEXT);\nINSERT INTO account VALUES(1,'alice@example.org','dino.1','{secret}','',1,NULL,NULL);\n"
        ),
    );
    home.write(&format!("{folder}/dino.db.bak"), std::fs::read(home.at(&format!("{folder}/dino.db"))).unwrap());
}

fn plant_in_profanity(home: &MadeUpHome, data: &str, config: &str, planted: &mut Planted) {
    let secret = planted.next();
    home.write(
        &format!("{data}/accounts"),
        format!(
            "[alice@example.org]\nenabled=true\njid=alice@example.org\npassword={secret}\neval_password=echo {secret}\ntls.policy=allow\npassword[de]={secret}\nPASSWORD={secret}\n\n[bob@example.org]\njid=bob@example.org\npassword=first\n{secret}\ntls.policy=disable\npassword={secret}\n"
        ),
    );
    let secret = planted.next();
    home.write(
        &format!("{config}/profrc"),
        format!(
            "[connection]\ntls.certpath=\n\n[alias]\nwork=/join room@example.org password {secret}\nlogin=/connect alice@example.org tls disable\nset=/account set alice@example.org password {secret}\nesc=/account\\sset\\sa\\spassword\\s{secret}\nuri=/join xmpp:a@b.example?join;password={secret}\nadd=/alias add x \"/connect a tls trust password {secret}\"\n\n[executables]\nurl.open.cmd=TOKEN={secret} firefox %u\navatar.cmd=sh -c \"feh --password {secret} %p\"\n\n[ui]\ncompose.editor=PASS={secret} vim\n\n[plugins]\ntoken={secret}\n"
        ),
    );
    let secret = planted.next();
    home.write(
        &format!("{config}/inputrc"),
        format!(
            "\"\\C-x\": \"/connect alice tls disable\\n/account set alice \\x70assword {secret}\\n\"\nControl-y: '/join a@b.example password {secret}'\n\"password {secret}\": \"/connect alice tls allow\"\n"
        ),
    );
    let secret = planted.next();
    home.write(
        &format!("{data}/scripts/start"),
        format!("/account set alice pass\\word {secret}\n/connect alice tls allow password {secret}\n/otr secret {secret}\n"),
    );
}

/// Plants the secret in every file in which a client keeps one, or might, in sound files and in damaged ones.
pub fn plant_everywhere(home: &MadeUpHome, planted: &mut Planted) {
    plant_in_pidgin(home, ".purple", planted);
    plant_in_gajim(home, ".config/gajim", planted);
    plant_in_dino(home, ".local/share/dino", planted);
    plant_in_profanity(home, ".local/share/profanity", ".config/profanity", planted);
    let secret = planted.next();
    home.write(
        ".profile",
        format!("export GIO_USE_TLS=dummy PASSWORD={secret}\nalias chat='profanity -l DEBUG --account {secret}'\nalias p='profanity --cmd \"/account set a password {secret}\" -r \"/connect a@example.org tls disable password {secret}\"'\nexport all_proxy=socks5://alice:{secret}@127.0.0.1:9050 DINO_PLUGIN_DIR=/home/{secret}\n"),
    );
    let secret = planted.next();
    home.write(
        ".local/share/applications/dino.desktop",
        format!("[Desktop Entry]\nExec=env TOKEN={secret} dino --print-xmpp all\n"),
    );
    // Damaged: cut in the middle of a secret, and with stray lines.
    for (name, folder) in [
        ("accounts.xml", "cut/.purple"),
        ("config", "cut/.config/gajim"),
        ("accounts", "cut/.local/share/profanity"),
    ] {
        let source = match name {
            "accounts.xml" => home.at(".purple/accounts.xml"),
            "config" => home.at(".config/gajim/config"),
            _ => home.at(".local/share/profanity/accounts"),
        };
        let text = std::fs::read_to_string(source).unwrap();
        let secret = planted.of(&text);
        let end = text.find(&secret).unwrap() + secret.len() - 3;
        home.write(&format!("{folder}/{name}"), &text[..end]);
        home.write(&format!("stray/{folder}/{name}"), format!("{secret}\n{text}\n{secret}\n<{secret}>"));
        home.write(
            &format!("binary/{folder}/{name}"),
            [&[0, 159, 146, 150], secret.as_bytes(), text.as_bytes()].concat(),
        );
        home.write(
            &format!("wide/{folder}/{name}"),
            text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
        );
    }
    home.write("cut/dino/dino.db", &std::fs::read(home.at(".local/share/dino/dino.db")).unwrap()[..5000]);
}
