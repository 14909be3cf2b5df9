//! What starts clients: shells, desktop entries, units.

use arbitrary::Result;

use super::{Maker, words};

const COMMANDS: [&str; 12] = [
    "profanity -l DEBUG -a alice",
    "profanity --cmd \"/connect alice@example.org tls disable\"",
    "GIO_USE_TLS=dummy dino",
    "env DINO_PLUGIN_DIR=/tmp/p dino --print-xmpp all",
    "/usr/bin/pidgin -d -c /tmp/purple",
    "gajim -c /tmp/g -p work",
    "pidgin --login=alice",
    "flatpak run im.dino.Dino",
    "torsocks gajim",
    "sh -c 'exec profanity -a alice'",
    "snap run profanity",
    "sudo -E finch",
];

const VARIABLES: [&str; 8] = [
    "GIO_USE_TLS=dummy",
    "GIO_MODULE_DIR=/tmp/m",
    "DINO_PLUGIN_DIR=~/p",
    "all_proxy=socks5://127.0.0.1:9050",
    "PURPLEHOME=/tmp",
    "XDG_DATA_HOME=/tmp/d",
    "http_proxy=http://h:8080",
    "LD_PRELOAD=x.so",
];

pub(super) fn make(maker: &mut Maker<'_, '_>) -> Result<()> {
    for _ in 0..maker.random.int_in_range(1..=3)? {
        let command = words::word(maker.random, &COMMANDS)?;
        let variable = words::word(maker.random, &VARIABLES)?;
        let secret = maker.planted.next_numbered();
        let (path, text) = match maker.random.int_in_range(0..=5)? {
            0 => (
                ".local/share/applications/chat.desktop",
                format!("[Desktop Entry]\nType=Application\nExec=env TOKEN={secret} {command}\n"),
            ),
            1 => (
                ".config/systemd/user/chat.service",
                format!("[Service]\nEnvironment={variable} TOKEN={secret}\nExecStart={command}\n"),
            ),
            2 => (".config/environment.d/chat.conf", format!("{variable}\nTOKEN={secret}\n")),
            3 => (
                ".config/fish/config.fish",
                format!("set -x TOKEN {secret}\nalias chat='{command}'\nset -gx {variable}\n"),
            ),
            4 => (
                ".zshrc",
                format!("alias -g chat=\"{command}\"\nexport {variable} TOKEN={secret} && {command} &\n"),
            ),
            _ => (".profile", format!("export TOKEN={secret} {variable}\n{command}\nalias c='{command}'\n")),
        };
        maker.write(path, text);
    }
    Ok(())
}
