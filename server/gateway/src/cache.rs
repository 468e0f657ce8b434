//! Bounded memory of documents and plans.

use std::sync::Arc;

use quick_cache::sync::Cache;

/// Values by text, as many as the capacity; what is used least gives way.
pub(crate) struct Memory<V>(Cache<String, Arc<V>>);

impl<V> Memory<V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Cache::new(capacity.max(1)))
    }

    /// The value of this key, made if it is missing. A failure is not kept.
    pub(crate) fn get_or<E>(&self, key: String, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        if let Some(found) = self.0.get(&key) {
            return Ok(found);
        }
        let made = Arc::new(make()?);
        self.0.insert(key, Arc::clone(&made));
        Ok(made)
    }
}
