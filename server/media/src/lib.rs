//! Photos and videos on todos: their rows, their files, and the subgraph that serves them.

