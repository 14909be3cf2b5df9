//! `clients --privacy`: what the program may and may not do, and how far this machine holds it to that.

use std::io::Write;
use std::thread;

use super::super::terminal::Terminal;
use super::super::{Exit, Failure};
use crate::sandbox::{self, Needs};

pub(super) fn run(terminal: &Terminal, out: &mut dyn Write) -> Result<Exit, Failure> {
    let language = terminal.language;
    out.write_all(language.choose(ENGLISH, FRENCH).as_bytes())?;
    // A thread of its own: what it gives up is gone for good.
    let enforced = thread::spawn(|| sandbox::enter(&Needs::default())).join().unwrap_or_default();
    writeln!(out, "  {}", enforced.sentence(language))?;
    Ok(Exit::Clean)
}

const ENGLISH: &str = "\
What xmpp-audit may do
  It reads the files of the clients that `xmpp-audit clients` lists, below the paths that it is given; the
  settings of git repositories around them, with --history their objects; its own configuration; with
  --installed the package databases. Of stores of keys and messages it looks at names, permissions, marks of
  trust and whether there is a key, never at what a key or a message is.
  It writes reports to standard output and to the files that --report names, a baseline where `baseline` is
  asked for one, and manual pages where `man --all` is. Into clients’ files it writes where `fix` or `check --fix` is
  asked to, what `undo` needs for that into $XDG_STATE_HOME/xmpp-audit. Nothing else, and an audit writes nothing beside
  the files that it reads.

What it may not do
  It uses no network: no network code is linked, and the sandbox refuses sockets.
  It starts no program, loads no plugin and runs no code out of the files that it reads.
  It never shows a password, a key or a token, and keeps none: not in a report, a message or a temporary file. Only
  `fix --keep-secrets` keeps those that it takes away, for `undo`.
  It follows no link of one user to what only another one may read.
  It tells nobody that it was run: no telemetry, no search for updates.

How that is held
  Before it reads anybody’s files, `check`, `settings` and `baseline` give up what they do not need
  (--sandbox auto, require, off): Landlock closes all other files, seccomp refuses all other system calls.
  `fix` reads and judges in a thread that has given up the same, and writes from another one.

On this machine
";

const FRENCH: &str = "\
Ce que xmpp-audit peut faire
  Il lit les fichiers des clients qu’énumère `xmpp-audit clients`, sous les chemins indiqués ; les réglages des
  dépôts git qui les entourent, avec --history leurs objets ; sa propre configuration ; avec --installed les
  bases de paquets. Des réserves de clés et de messages, il regarde les noms, les permissions, les marques de
  confiance et s’il y a une clé, jamais ce que sont une clé ou un message.
  Il écrit ses rapports sur la sortie standard et dans les fichiers que nomme --report, un état de référence si
  `baseline` le demande, et des pages de manuel avec `man --all`. Dans les fichiers des clients, il écrit si `fix` ou
  `check --fix` le demandent, et dans $XDG_STATE_HOME/xmpp-audit ce qu’il faut à `undo`. Rien d’autre, et un audit
  n’écrit rien à côté des fichiers lus.

Ce qu’il ne peut pas faire
  Il n’utilise pas le réseau : aucun code réseau n’est lié, et le bac à sable refuse les sockets.
  Il ne lance aucun programme, ne charge aucun greffon et n’exécute rien de ce qu’il lit.
  Il ne montre jamais un mot de passe, une clé ou un jeton, et n’en garde aucun : ni dans un rapport, ni dans un
  message, ni dans un fichier temporaire. Seul `fix --keep-secrets` garde ceux qu’il retire, pour `undo`.
  Il ne suit aucun lien d’un utilisateur vers ce que seul un autre a le droit de lire.
  Il ne dit à personne qu’il a été lancé : ni télémétrie, ni recherche de mises à jour.

Ce qui l’y tient
  Avant de lire les fichiers de qui que ce soit, `check`, `settings` et `baseline` renoncent à ce dont ils
  n’ont pas besoin (--sandbox auto, require, off) : Landlock ferme tous les autres fichiers, seccomp refuse
  tous les autres appels système. `fix` lit et juge dans un fil d’exécution qui a renoncé à tout cela, et écrit
  depuis un autre.

Sur cette machine
";
