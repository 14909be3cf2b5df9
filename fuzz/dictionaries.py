#!/usr/bin/env python3
"""Writes `dictionaries/TARGET.dict`: the words that the readers know, out of their own source."""
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"

# Where the words of a target stand.
TARGETS = {
    "xml": ["syntax/xml"],
    "gmarkup": ["syntax/xml/gmarkup", "syntax/xml/gmarkup.rs", "clients/pidgin/preferences", "clients/pidgin/preferences.rs"],
    "keyfile": ["syntax/keyfile", "syntax/keyfile.rs"],
    "json": ["syntax/json", "syntax/json.rs"],
    "gajim_text": ["syntax/gajim_text.rs"],
    "certificate": ["syntax/certificate.rs"],
    "pidgin": ["clients/pidgin"],
    "gajim": ["clients/gajim"],
    "dino": ["clients/dino"],
    "profanity": ["clients/profanity"],
    "startup": ["clients/startup"],
    "dotfiles": ["clients/dotfiles"],
    "recognise": ["clients/pidgin/recognise.rs", "clients/gajim/recognise.rs", "clients/dino/recognise.rs",
                  "clients/profanity/recognise.rs", "clients/startup/places.rs"],
    "git": ["repository"],
    "settings": ["configuration", "policy", "baseline", "providers", "rules/facts"],
    "installed": ["installed"],
    "sqlite": [],
    "sqlite_pages": [],
    "home": ["clients"],
}

# What no source spells out.
MORE = {
    "xml": ["<a ", "</a>", "<a/>", "='", "\"", "<!--", "-->", "<?a ?>", "&#x41;", "&#65;", "&lt;", "&amp;", "&quot;",
            "<!DOCTYPE a [", "]>", "<!ENTITY x 'y'>", "<!ENTITY % x 'y'>", "<!ATTLIST a b CDATA 'c'>", "<!ELEMENT a ANY>",
            "<!NOTATION", "%x;", "&x;", "]]>", "<![CDATA[", " xmlns='u'", " xmlns:x='u'", "xml:lang='de'",
            "<?xml version='1.0' encoding='UTF-8'?>", "encoding='ISO-8859-1'", "standalone='yes'"],
    "json": ["{\"a\":", "[", "]", "}", "\\u0041", "\\ud83d\\ude00", "1e999", "-0.0", "NaN", "-Infinity", "null", "true"],
    "keyfile": ["[a]\n", "[de]", "\\s", "\\;", "=\n", "#", ";"],
    "gajim_text": [" = ", ".", "accounts.", "\r\n"],
    "sqlite": ["SQLite format 3", "CREATE TABLE ", "CREATE VIEW v AS ", "CREATE TRIGGER ", " GENERATED ALWAYS AS (",
               "CREATE VIRTUAL TABLE ", "WITHOUT ROWID", "sqlite_", "UNIQUE", "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c)",
               "zeroblob(999999999)", "load_extension('x')", "randomblob(1000000000)", "%%\n"],
    "git": ["tree ", "parent ", "author ", "100644 accounts.xml", "40000 .purple", "0" * 40, "01" * 20, "ref: ", "DIRC", "PACK"],
    "settings": ["when = 'account.domain == \"x\"'", "{{ account.jid }}", "~~~xml fail path=.purple/accounts.xml", "+++\n"],
}
MORE["sqlite_pages"] = MORE["sqlite"]
MORE["gmarkup"] = MORE["xml"]
MORE["pidgin"] = MORE["xml"]
MORE["gajim"] = MORE["json"] + MORE["gajim_text"] + MORE["sqlite"]
MORE["dino"] = MORE["sqlite"]
MORE["profanity"] = MORE["keyfile"]
MORE["startup"] = MORE["keyfile"] + ["$(", "${X}", "&& ", "<<EOF\n", "'", "\\\n", "alias x='"]
MORE["dotfiles"] = ["{{ .x }}", "{{- end -}}", "{% if %}", "dot_", "private_", "encrypted_", ".tmpl", "##os.Linux"]
MORE["home"] = MORE["json"] + MORE["sqlite"] + MORE["dotfiles"]

# The longest words that are worth it.
LONGEST = 48
STRING = re.compile(rb'(?<!\w)b?"((?:[^"\\\n]|\\.){1,%d})"' % LONGEST)
ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"0": b"\0", b'"': b'"', b"'": b"'", b"\\": b"\\"}


def unescape(text):
    def one(found):
        if found.group(1):
            return bytes([int(found.group(1), 16)])
        if found.group(2):
            return chr(int(found.group(2), 16)).encode()
        return ESCAPES.get(found.group(3), found.group(3))

    return re.sub(rb"\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]+)\}|(.))", one, text, flags=re.S)


def words(place):
    path = SOURCE / place
    for source in sorted(path.rglob("*.rs")) if path.is_dir() else [path]:
        code = source.read_bytes().split(b"#[cfg(test)]\nmod tests")[0]
        code = b"\n".join(line for line in code.split(b"\n") if not line.lstrip().startswith(b"//"))
        for found in STRING.finditer(code):
            word = unescape(found.group(1))
            # Sentences for people are no words of a file.
            if word.count(b" ") < 3 and b"{}" not in word and "’".encode() not in word:
                yield word


def quoted(word):
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word)


def main():
    folder = HERE / "dictionaries"
    folder.mkdir(exist_ok=True)
    for target, places in TARGETS.items():
        found = {word for place in places for word in words(place)}
        found |= {word.encode() for word in MORE.get(target, [])}
        found.add(b"\n%%")
        lines = sorted(f'"{quoted(word)}"\n' for word in found if word)
        (folder / f"{target}.dict").write_text("".join(lines))


if __name__ == "__main__":
    main()
