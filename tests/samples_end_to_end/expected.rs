//! What is to be said of each sample, by the clients' documents.

/// Severity, rule, line (0 in a database), place in words.
pub type Row = (&'static str, &'static str, usize, &'static str);

/// A sample and everything that is to be found in it.
pub struct Sample {
    /// Below `fixtures`.
    pub path: &'static str,
    /// Where its client keeps such a file, below the home directory.
    pub home: &'static str,
    /// The accounts that the client would have, in order.
    pub accounts: &'static [&'static str],
    /// What is to be found, alone in a folder and in its place alike.
    pub findings: &'static [Row],
}

#[rustfmt::skip]
pub const SAMPLES: &[Sample] = &[
    Sample {
        path: "pidgin/samples/accounts-gui-defaults.xml",
        home: ".purple/accounts.xml",
        accounts: &["alice@example.org"],
        findings: &[
            ("low", "password-stored", 7, "accounts[alice@example.org] / password"),
        ],
    },
    Sample {
        path: "pidgin/samples/accounts-gui-two-accounts-opportunistic-tor.xml",
        home: ".purple/accounts.xml",
        accounts: &["alice@example.org", "alice@riseup.net"],
        findings: &[
            ("critical", "encryption-optional", 81, "accounts[alice@riseup.net] / connection_security"),
            ("critical", "cleartext-login-allowed", 83, "accounts[alice@riseup.net] / auth_plain_in_clear"),
            ("medium", "provider-retired", 50, "accounts[alice@riseup.net] / name"),
            ("low", "password-stored", 7, "accounts[alice@example.org] / password"),
            ("low", "password-stored", 51, "accounts[alice@riseup.net] / password"),
        ],
    },
    Sample {
        path: "pidgin/samples/blist-written-by-client.xml",
        home: ".purple/blist.xml",
        accounts: &[],
        findings: &[
            ("high", "room-on-account-domain", 16, "rooms[garden@riseup.net] / server"),
            ("medium", "room-address-malformed", 29, "rooms[whole@conference.riseup.net@conference.riseup.net] / room"),
            ("low", "room-password-stored", 23, "rooms[secret@conference.example.org] / password"),
            ("low", "room-as-contact", 45, "contacts[garden@conference.riseup.net]"),
        ],
    },
    Sample {
        path: "pidgin/samples/prefs-defaults.xml",
        home: ".purple/prefs.xml",
        accounts: &[],
        findings: &[],
    },
    Sample {
        path: "pidgin/samples/status.xml",
        home: ".purple/status.xml",
        accounts: &[],
        findings: &[],
    },
    Sample {
        path: "gajim/samples/1.1.3-client-written.config",
        home: ".config/gajim/config",
        accounts: &["alice@example.org"],
        findings: &[
            ("high", "encryption-optional", 248, "accounts[lab] / allow_plaintext_connection"),
            ("low", "password-stored", 228, "accounts[lab] / password"),
        ],
    },
    Sample {
        path: "gajim/samples/1.7-fresh-no-accounts.sqlite",
        home: ".config/gajim/settings.sqlite",
        accounts: &[],
        findings: &[],
    },
    Sample {
        path: "gajim/samples/1.7-many-problems.sqlite",
        home: ".config/gajim/settings.sqlite",
        accounts: &["alice@example.org", "alice@riseup.net", "bob@example.org", "carol@example.org", "dave@examplexmppexamplexmppexamplexmppexamplexmppexamplexmpp2.onion", "erin@riseup.net"],
        findings: &[
            ("critical", "encryption-disabled", 0, "accounts[example.org1] / custom_type"),
            ("high", "proxy-dangling", 0, "accounts[riseup.net1] / proxy"),
            ("high", "room-on-account-domain", 0, "workspaces / garden@riseup.net"),
            ("medium", "encryption-disabled", 0, "accounts[example.org2] / use_plain_connection"),
            ("medium", "provider-retired", 0, "accounts[riseup.net1] / hostname"),
            ("medium", "provider-retired", 0, "accounts[riseup.net] / hostname"),
            ("low", "password-stored", 0, "accounts[example.org1] / password"),
            ("low", "password-stored", 0, "accounts[example.org2] / password"),
            ("low", "proxy-password-stored", 0, "proxies[Corp] / pass"),
        ],
    },
    Sample {
        path: "gajim/samples/1.7-migrated-from-text.sqlite",
        home: ".config/gajim/settings.sqlite",
        accounts: &["alice@example.org", "bob@example.org", "", "alice@example.org", ""],
        findings: &[
            ("critical", "encryption-disabled", 0, "accounts[work] / custom_type"),
            ("high", "room-on-account-domain", 0, "accounts[work] / group_chat / garden@riseup.net"),
            ("medium", "account-address-malformed", 0, "accounts[empty]"),
            ("medium", "account-address-malformed", 0, "accounts[tricky.password = ********]"),
            ("low", "password-stored", 0, "accounts[My Account.v2] / password"),
            ("low", "password-stored", 0, "accounts[work] / password"),
            ("low", "proxy-password-stored", 0, "proxies[Corp] / pass"),
            ("info", "setting-without-effect", 0, "accounts[work] / use_plain_connection"),
        ],
    },
    Sample {
        path: "gajim/samples/1.7-migrated.config.old",
        home: ".config/gajim/config.old",
        accounts: &[],
        findings: &[],
    },
    Sample {
        path: "gajim/samples/1.7-two-accounts-default.sqlite",
        home: ".config/gajim/settings.sqlite",
        accounts: &["alice@example.org", "alice@riseup.net"],
        findings: &[
            ("medium", "provider-retired", 0, "accounts[riseup.net] / hostname"),
        ],
    },
    Sample {
        path: "gajim/samples/1.7-wal",
        home: ".config/gajim",
        accounts: &["alice@example.org", "alice@riseup.net"],
        findings: &[
            ("critical", "encryption-disabled", 0, "accounts[riseup.net] / use_plain_connection"),
            ("medium", "provider-retired", 0, "accounts[riseup.net] / hostname"),
        ],
    },
    Sample {
        path: "gajim/samples/text-0.16.3.config",
        home: ".config/gajim/config",
        accounts: &["alice@example.org", "alice@riseup.net"],
        findings: &[
            ("critical", "encryption-optional", 32, "accounts[riseup.net] / connection_types"),
            ("critical", "cleartext-login-allowed", 33, "accounts[riseup.net] / action_when_plaintext_connection"),
            ("critical", "certificate-unchecked", 35, "accounts[riseup.net] / ignore_ssl_errors"),
            ("high", "encryption-optional", 14, "accounts[Work account] / connection_types"),
            ("high", "room-on-account-domain", 26, "accounts[Work account] / minimized_gc / garden@riseup.net"),
            ("medium", "tls-version-weak", 20, "accounts[Work account] / cipher_list"),
            ("medium", "tls-version-weak", 27, "accounts[riseup.net]"),
            ("medium", "provider-retired", 29, "accounts[riseup.net] / hostname"),
            ("low", "password-stored", 13, "accounts[Work account] / password"),
        ],
    },
    Sample {
        path: "gajim/samples/text-1.1.3.config",
        home: ".config/gajim/config",
        accounts: &["alice@example.org", "alice@riseup.net"],
        findings: &[
            ("critical", "encryption-optional", 23, "accounts[riseup.net] / allow_plaintext_connection"),
            ("critical", "cleartext-login-allowed", 24, "accounts[riseup.net] / action_when_plaintext_connection"),
            ("critical", "certificate-unchecked", 26, "accounts[riseup.net] / ignore_ssl_errors"),
            ("high", "proxy-dangling", 29, "accounts[riseup.net] / proxy"),
            ("high", "room-on-account-domain", 30, "accounts[riseup.net] / recent_groupchats / garden@riseup.net"),
            ("medium", "provider-retired", 20, "accounts[riseup.net] / hostname"),
            ("low", "password-stored", 22, "accounts[riseup.net] / password"),
        ],
    },
    Sample {
        path: "gajim/samples/text-1.2.2.config",
        home: ".config/gajim/config",
        accounts: &["alice@example.org", "alice@riseup.net"],
        findings: &[
            ("critical", "encryption-disabled", 12, "accounts[example.org] / custom_type"),
            ("high", "encryption-disabled", 21, "accounts[riseup.net] / use_plain_connection"),
            ("medium", "provider-retired", 18, "accounts[riseup.net] / hostname"),
            ("low", "setting-without-effect", 3, "global_proxy"),
            ("low", "password-stored", 8, "accounts[example.org] / password"),
        ],
    },
    Sample {
        path: "gajim/samples/text-grammar.config",
        home: ".config/gajim/config",
        accounts: &["alice@example.org", "bob@example.org", "", "alice@example.org", ""],
        findings: &[
            ("high", "encryption-disabled", 13, "accounts[work] / custom_type"),
            ("high", "room-on-account-domain", 35, "rooms / garden@riseup.net"),
            ("medium", "account-address-malformed", 27, "accounts[empty]"),
            ("medium", "account-address-malformed", 31, "accounts[tricky.password = ********]"),
            ("low", "password-stored", 6, "accounts[work] / password"),
            ("low", "setting-without-effect", 8, "accounts[work] / custom_port"),
            ("low", "setting-without-effect", 11, "accounts[work] / use_custom_host"),
            ("low", "setting-without-effect", 15, "accounts[work] / autoconnect"),
            ("low", "password-stored", 25, "accounts[My Account.v2] / password"),
            ("low", "proxy-password-stored", 47, "proxies[Corp] / pass"),
            ("low", "setting-without-effect", 51, "global_proxy"),
            ("info", "setting-without-effect", 14, "accounts[work] / use_plain_connection"),
            ("info", "setting-without-effect", 17, "accounts[work] / confirm_unencrypted_connection"),
            ("info", "setting-without-effect", 18, "accounts[work] / allow_plaintext_connection"),
            ("info", "setting-without-effect", 19, "accounts[work] / action_when_plaintext_connection"),
            ("info", "setting-without-effect", 20, "accounts[work] / ignore_ssl_errors"),
        ],
    },
    Sample {
        path: "dino/samples/v11-dino-0.1",
        home: ".local/share/dino",
        accounts: &["alice@riseup.net", "alice@example.org"],
        findings: &[
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, room@riseup.net] / jid"),
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, team@riseup.net] / jid"),
            ("medium", "provider-retired", 0, "account[alice@riseup.net] / bare_jid"),
            ("low", "password-stored", 0, "account[alice@example.org] / password"),
            ("low", "password-stored", 0, "account[alice@riseup.net] / password"),
        ],
    },
    Sample {
        path: "dino/samples/v17-dino-0.2",
        home: ".local/share/dino",
        accounts: &["alice@riseup.net", "alice@example.org"],
        findings: &[
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, room@riseup.net] / jid"),
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, team@riseup.net] / jid"),
            ("medium", "provider-retired", 0, "account[alice@riseup.net] / bare_jid"),
            ("low", "password-stored", 0, "account[alice@example.org] / password"),
            ("low", "password-stored", 0, "account[alice@riseup.net] / password"),
        ],
    },
    Sample {
        path: "dino/samples/v22-dino-0.3",
        home: ".local/share/dino",
        accounts: &["alice@riseup.net", "alice@example.org"],
        findings: &[
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, room@riseup.net] / jid"),
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, team@riseup.net] / jid"),
            ("medium", "provider-retired", 0, "account[alice@riseup.net] / bare_jid"),
            ("low", "password-stored", 0, "account[alice@example.org] / password"),
            ("low", "password-stored", 0, "account[alice@riseup.net] / password"),
        ],
    },
    Sample {
        path: "dino/samples/v26-dino-0.4-observed-clean",
        home: ".local/share/dino",
        accounts: &["alice@riseup.net"],
        findings: &[
            ("medium", "provider-retired", 0, "account[alice@riseup.net] / bare_jid"),
            ("low", "password-stored", 0, "account[alice@riseup.net] / password"),
        ],
    },
    Sample {
        path: "dino/samples/v26-dino-0.4-observed-wal",
        home: ".local/share/dino",
        accounts: &["alice@riseup.net"],
        findings: &[
            ("medium", "provider-retired", 0, "account[alice@riseup.net] / bare_jid"),
            ("low", "password-stored", 0, "account[alice@riseup.net] / password"),
        ],
    },
    Sample {
        path: "dino/samples/v29-dino-0.5",
        home: ".local/share/dino",
        accounts: &["alice@riseup.net", "alice@example.org"],
        findings: &[
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, room@riseup.net] / jid"),
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, team@riseup.net] / jid"),
            ("medium", "provider-retired", 0, "account[alice@riseup.net] / bare_jid"),
            ("low", "password-stored", 0, "account[alice@example.org] / password"),
            ("low", "password-stored", 0, "account[alice@riseup.net] / password"),
        ],
    },
    Sample {
        path: "dino/samples/v31-dinox-fork",
        home: ".local/share/dino",
        accounts: &["alice@riseup.net", "alice@example.org"],
        findings: &[
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, room@riseup.net] / jid"),
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, team@riseup.net] / jid"),
            ("medium", "provider-retired", 0, "account[alice@riseup.net] / bare_jid"),
            ("low", "password-stored", 0, "account[alice@example.org] / password"),
            ("low", "password-stored", 0, "account[alice@riseup.net] / password"),
            ("low", "certificate-exception", 0, "pinned_certificate[riseup.net] / domain"),
            ("info", "server-of-another-domain", 0, "account[alice@riseup.net] / custom_host"),
            ("info", "file-format-unknown", 0, "database"),
        ],
    },
    Sample {
        path: "dino/samples/v32-dino-master",
        home: ".local/share/dino",
        accounts: &["alice@riseup.net", "alice@example.org"],
        findings: &[
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, room@riseup.net] / jid"),
            ("high", "room-on-account-domain", 0, "conversation[alice@riseup.net, team@riseup.net] / jid"),
            ("medium", "provider-retired", 0, "account[alice@riseup.net] / bare_jid"),
            ("low", "password-stored", 0, "account[alice@example.org] / password"),
            ("low", "password-stored", 0, "account[alice@riseup.net] / password"),
        ],
    },
    Sample {
        path: "profanity/samples/accounts-0.13.1-every-tls-policy",
        home: ".local/share/profanity/accounts",
        accounts: &["a0@example.org", "a1@example.org", "a2@example.org", "a3@example.org", "a4@example.org"],
        findings: &[
            ("critical", "encryption-optional", 27, "accounts[a1@example.org] / tls.policy"),
            ("critical", "certificate-unchecked", 41, "accounts[a2@example.org] / tls.policy"),
            ("critical", "encryption-disabled", 55, "accounts[a3@example.org] / tls.policy"),
            ("medium", "policy-spreads", 27, "accounts[a1@example.org] / tls.policy"),
        ],
    },
    Sample {
        path: "profanity/samples/accounts-0.13.1-insecure",
        home: ".local/share/profanity/accounts",
        accounts: &["alice@riseup.net", "alice@example.org"],
        findings: &[
            ("critical", "encryption-optional", 13, "accounts[alice@riseup.net] / tls.policy"),
            ("critical", "legacy-login", 14, "accounts[alice@riseup.net] / auth.policy"),
            ("critical", "encryption-disabled", 32, "accounts[work] / tls.policy"),
            ("high", "room-service-on-account-domain", 16, "accounts[alice@riseup.net] / muc.service"),
            ("medium", "provider-retired", 3, "accounts[alice@riseup.net] / jid"),
            ("medium", "policy-spreads", 13, "accounts[alice@riseup.net] / tls.policy"),
            ("low", "password-stored", 15, "accounts[alice@riseup.net] / password"),
            ("info", "server-of-another-domain", 30, "accounts[work] / server"),
        ],
    },
    Sample {
        path: "profanity/samples/accounts-0.13.1-plain",
        home: ".local/share/profanity/accounts",
        accounts: &["alice@example.org", "alice@riseup.net"],
        findings: &[
            ("medium", "provider-retired", 16, "accounts[alice@riseup.net] / jid"),
        ],
    },
    Sample {
        path: "profanity/samples/accounts-0.18.2-every-tls-policy",
        home: ".local/share/profanity/accounts",
        accounts: &["a0@example.org", "a1@example.org", "a2@example.org", "a3@example.org", "a4@example.org", "a5@example.org"],
        findings: &[
            ("critical", "encryption-optional", 27, "accounts[a1@example.org] / tls.policy"),
            ("critical", "certificate-unchecked", 41, "accounts[a2@example.org] / tls.policy"),
            ("critical", "encryption-disabled", 55, "accounts[a3@example.org] / tls.policy"),
            ("medium", "policy-spreads", 27, "accounts[a1@example.org] / tls.policy"),
        ],
    },
    Sample {
        path: "profanity/samples/profrc-0.13.1-many-settings",
        home: ".config/profanity/profrc",
        accounts: &[],
        findings: &[
            ("high", "room-on-account-domain", 34, "profrc[alias] / rs"),
        ],
    },
    Sample {
        path: "profanity/samples/profrc-0.18.2-many-settings",
        home: ".config/profanity/profrc",
        accounts: &[],
        findings: &[
            ("high", "room-on-account-domain", 35, "profrc[alias] / rs"),
        ],
    },
    Sample {
        path: "profanity/samples/tlscerts-0.13.1-after-tls-always",
        home: ".local/share/profanity/tlscerts",
        accounts: &[],
        findings: &[
            ("medium", "certificate-exception", 1, "tlscerts[73387f9190a5af5ade5e718d2b5b86d62ba345e3]"),
        ],
    },
    Sample {
        path: "profanity/samples/tlscerts-0.18.2-after-tls-always",
        home: ".local/share/profanity/tlscerts",
        accounts: &[],
        findings: &[
            ("medium", "certificate-exception", 1, "tlscerts[3c33dad2a9a22e9cf68a9be5df6cdc877653e8e1f18aeb206f69c0f3c633e11a]"),
        ],
    },
];
