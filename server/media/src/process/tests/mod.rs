//! What is made of pictures and videos, from files that are made here.

mod files;
mod hostile;
mod pictures;
mod storage;
mod videos;
