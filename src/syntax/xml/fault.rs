//! What is wrong with a document, and where.

use crate::model::Span;

/// The first thing for which a parser refuses a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XmlFault {
    /// What is wrong.
    pub kind: XmlFaultKind,
    /// Where, in the decoded text.
    pub span: Span,
}

impl XmlFault {
    /// A fault of this kind at this place.
    #[must_use]
    pub const fn new(kind: XmlFaultKind, span: Span) -> Self {
        Self { kind, span }
    }
}

/// What a parser refuses a document for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum XmlFaultKind {
    /// There is no byte in it.
    Empty,
    /// It ends within a tag, a comment, or before the last end tag.
    Truncated,
    /// Its encoding is one that cannot be read here, or not the one that its bytes have.
    UnknownEncoding,
    /// Bytes that are not text in its encoding.
    NotInEncoding,
    /// The XML declaration is malformed, or stands elsewhere than at the very beginning.
    Declaration,
    /// The document type declaration is malformed or stands in the wrong place.
    Doctype,
    /// Text before the root element, or no root element at all.
    NoRoot,
    /// Something stands behind the root element.
    BehindRoot,
    /// A tag that is none: `< a>`, `<1>`, `<!x>`.
    Tag,
    /// An attribute without `=`, without quotes, without a blank before it, or with a `<` in its value.
    Attribute,
    /// The same attribute twice in one tag.
    DuplicateAttribute,
    /// An end tag that closes another element than the one that is open.
    MismatchedEnd,
    /// A `&` that begins no reference.
    BareAmpersand,
    /// A reference to an entity other than the five that XML itself knows.
    UnknownEntity,
    /// A character, or a reference to one, that XML does not allow.
    Character,
    /// `]]>` outside a CDATA section.
    CdataEnd,
    /// A comment with `--` inside.
    Comment,
    /// A processing instruction without a name, or with one that is reserved.
    Instruction,
    /// A prefix that is not declared, or a namespace that is not well-formed.
    Namespace,
    /// Elements are nested more deeply than the parser allows.
    TooDeep,
    /// A comment, CDATA section, attribute value or name is longer than the parser allows, or there are more
    /// declarations of attributes than anybody needs.
    TooLong,
    /// There is more of it than is looked at here: nothing that the client's parser would mind. No document has it for
    /// its fault.
    TooMany,
}
