//! What becomes of each account's password: the good ones, too.

use std::borrow::Cow;
use std::path::Path;

use super::super::overview::client_title;
use super::super::paint::Ink;
use super::super::phrases::{self, ATTACKERS, OUTCOMES};
use super::super::wrap::{Word, columns, fill, wrap};
use super::Style;
use crate::finding::{AccountSummary, Audit};
use crate::model::{ClientName, Exposure, Outcome};

/// Columns between two columns of the table.
const GAP: usize = 2;

/// Columns before an account.
const INDENT: usize = 4;

/// The accounts below the file that they stand in, as a table or, where that is too wide, a paragraph each; then
/// what the words mean. Empty without accounts.
pub fn render(audit: &Audit, style: &Style) -> String {
    if audit.accounts.is_empty() {
        return String::new();
    }
    let mut shown = style.heading(style.text(phrases::ACCOUNTS));
    let header = header(style);
    let rows: Vec<Row> = audit.accounts.iter().map(|account| row(account, style)).collect();
    let widths = widths(std::iter::once(&header).chain(&rows));
    let total = INDENT + widths.iter().sum::<usize>() + GAP * (widths.len() - 1);
    let fits = total <= style.width;
    if fits {
        shown.push_str(&table_line(&header, &widths, style));
    }
    let mut last: Option<(ClientName, &Path)> = None;
    for (account, row) in audit.accounts.iter().zip(&rows) {
        let file = (account.client, account.path.as_path());
        if last != Some(file) {
            shown.push_str(&file_line(account, style));
            last = Some(file);
        }
        shown.push_str(&if fits { table_line(row, &widths, style) } else { paragraph(account, row, style) });
    }
    shown + "\n" + &legend(audit, style)
}

/// The account, its encryption, and what the four attackers get.
type Row = [Cell; 6];

/// A cell of the table.
struct Cell {
    text: String,
    ink: Ink,
}

impl Cell {
    fn new(text: impl Into<String>, ink: Ink) -> Self {
        Self { text: text.into(), ink }
    }
}

fn header(style: &Style) -> Row {
    let [listens, strips, strips_legacy, forges] = ATTACKERS.map(|(name, _)| name);
    [phrases::ACCOUNT_COLUMN, phrases::ENCRYPTION_COLUMN, listens, strips, strips_legacy, forges]
        .map(|name| Cell::new(style.text(name), Ink::Faint))
}

fn row(account: &AccountSummary, style: &Style) -> Row {
    let jid = &account.jid;
    let name = if account.enabled { jid.clone() } else { phrases::OFF.with(style.language, [jid]) };
    let encryption = phrases::encryption(account.encryption, style.language);
    let [listens, strips, strips_legacy, forges] = outcomes(account.exposure)
        .map(|outcome| Cell::new(style.text(phrases::outcome(outcome)), Ink::of_outcome(outcome)));
    [Cell::new(name, Ink::Strong), Cell::new(encryption, Ink::Plain), listens, strips, strips_legacy, forges]
}

const fn outcomes(exposure: Exposure) -> [Outcome; 4] {
    [exposure.listens, exposure.strips, exposure.strips_legacy, exposure.forges]
}

fn widths<'a>(rows: impl Iterator<Item = &'a Row>) -> [usize; 6] {
    let mut widths = [0; 6];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = columns(&cell.text).max(*width);
        }
    }
    widths
}

/// The client and the file in which the accounts below stand.
fn file_line(account: &AccountSummary, style: &Style) -> String {
    let path = account.path.display().to_string();
    format!("  {}  {}\n", client_title(account.client), style.paint.ink(Ink::Link, &path))
}

fn table_line(row: &Row, widths: &[usize; 6], style: &Style) -> String {
    let mut line = String::new();
    let mut owed = INDENT;
    for (cell, width) in row.iter().zip(widths) {
        line.extend(std::iter::repeat_n(' ', owed));
        line.push_str(&style.paint.ink(cell.ink, &cell.text));
        // Written before the next cell only: a line has no blanks at its end.
        owed = width.saturating_sub(columns(&cell.text)) + GAP;
    }
    line.push('\n');
    line
}

/// An account where there is no room for a table.
fn paragraph(account: &AccountSummary, row: &Row, style: &Style) -> String {
    let [name, _, outcomes @ ..] = row;
    let encryption = phrases::encryption(account.encryption, style.language);
    let encryption = phrases::ENCRYPTION_IS.with(style.language, [encryption]);
    let pairs = ATTACKERS.iter().zip(outcomes).enumerate().map(|(number, ((attacker, _), cell))| {
        let attacker = phrases::PAIR.with(style.language, [style.text(*attacker)]);
        let mut pair = Word::default();
        pair.push(columns(&attacker), Cow::Owned(attacker));
        pair.push(columns(&cell.text), style.paint.ink(cell.ink, &cell.text));
        if number + 1 < outcomes.len() {
            pair.push(1, Cow::Borrowed(","));
        }
        pair
    });
    let mut shown = format!("    {}\n      {encryption}\n", style.paint.ink(name.ink, &name.text));
    for line in fill(pairs, style.width.saturating_sub(INDENT + 2)) {
        shown.push_str(&format!("      {line}\n"));
    }
    shown
}

/// What the attackers do, and what the outcomes that occur mean.
fn legend(audit: &Audit, style: &Style) -> String {
    let occurs = |outcome| audit.accounts.iter().any(|account| outcomes(account.exposure).contains(&outcome));
    let meanings = OUTCOMES.into_iter().filter(|(outcome, _)| occurs(*outcome));
    let words: Vec<_> = ATTACKERS
        .into_iter()
        .chain(meanings.map(|(outcome, meaning)| (phrases::outcome(outcome), meaning)))
        .collect();
    let longest = words.iter().map(|(word, _)| columns(style.text(*word))).max().unwrap_or(0);
    let room = style.prose.saturating_sub(longest + INDENT);
    let rows = words.iter().map(|(word, meaning)| (style.text(*word), wrap(style.text(*meaning), room)));
    style.definitions(rows, Ink::Faint)
}
