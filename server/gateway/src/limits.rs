//! How much one request may ask for.

/// Limits on one request. All hold before planning; the counts see through fragments, each use of one counting anew.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of the request body. Over it: `TOO_LARGE`.
    pub body_bytes: usize,
    /// Bytes of the document: what is long belongs into variables. Over this and every limit below:
    /// `QUERY_TOO_COSTLY`.
    pub query_bytes: usize,
    /// Lexical tokens of the document.
    pub tokens: usize,
    /// Fields, after expanding fragments.
    pub fields: usize,
    /// Nested fields, a root field being at depth 1.
    pub depth: usize,
    /// Fields with an alias.
    pub aliases: usize,
    /// Fields of the operation's root type.
    pub root_fields: usize,
    /// Directives.
    pub directives: usize,
    /// Estimated cost: each field costs 1, and what is below a list counts once for each item that may be in it.
    pub cost: u64,
    /// Items assumed in a list whose field has no argument that says how many (`first`, `last` or `limit`).
    pub list_size: u64,
    /// Fields that one introspection may resolve.
    pub introspection_fields: usize,
    /// Whether `__schema` and `__type` may be asked for.
    pub introspection: bool,
    /// Documents, and likewise plans, that are kept for reuse.
    pub cached_operations: usize,
    /// Milliseconds that planning one operation may take.
    pub planning_millis: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 2 * 1024 * 1024,
            query_bytes: 32 * 1024,
            tokens: 2_000,
            fields: 1_000,
            depth: 16,
            aliases: 50,
            root_fields: 20,
            directives: 50,
            cost: 100_000,
            list_size: 20,
            introspection_fields: 50_000,
            introspection: true,
            cached_operations: 256,
            planning_millis: 500,
        }
    }
}
