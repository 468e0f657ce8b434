//! Making a video that can't be transcoded safe to hand out as it is: in an MP4 or QuickTime file, whatever may
//! say where, when and with what it was made is overwritten in place. Nothing moves, so it plays as before.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use super::{FileKind, ProcessError};

/// Boxes that hold others on the way to what is looked for.
const HOLDERS: [&[u8; 4]; 6] = [b"moov", b"trak", b"mdia", b"moof", b"traf", b"edts"];
/// Boxes of metadata: user data with `©xyz`, Apple's and ISO's metadata with the place, XMP.
const METADATA: [&[u8; 4]; 3] = [b"udta", b"meta", b"uuid"];
/// Tracks that are known to be only seen or heard. Others may be tracks of places, whose samples lie elsewhere.
const TRACKS: [&[u8; 4]; 2] = [b"vide", b"soun"];
/// Boxes inside boxes that are looked into.
const DEPTH: u32 = 4;
/// Boxes that a file may have: a file of nothing but tiny boxes would take forever.
const BOXES: u32 = 100_000;

/// What the file says about itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Playable {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) duration_ms: Option<u64>,
}

/// Overwrites a video's metadata. `None` where it is of a kind, or has a track, for which that is not enough;
/// the file is not to be handed out then.
pub(super) async fn blank(file: &Path, kind: FileKind) -> Result<Option<Playable>, ProcessError> {
    if !matches!(kind, FileKind::Mp4 | FileKind::QuickTime) {
        return Ok(None);
    }
    let file = file.to_owned();
    let done = tokio::task::spawn_blocking(move || {
        let mut walk = Walk::open(&file)?;
        let end = walk.end;
        let whole = walk.boxes(0, end, DEPTH)?;
        walk.file.sync_all()?;
        io::Result::Ok((whole && walk.known && walk.found.width > 0).then_some(walk.found))
    });
    match done.await.map_err(ProcessError::failed)? {
        Ok(found) => Ok(found),
        // It ends within a box.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(ProcessError::failed(error)),
    }
}

struct Walk {
    file: File,
    end: u64,
    boxes: u32,
    /// Whether every track so far is one of [`TRACKS`].
    known: bool,
    found: Playable,
}

impl Walk {
    fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let end = file.metadata()?.len();
        Ok(Self { file, end, boxes: 0, known: true, found: Playable::default() })
    }

    /// Goes over the boxes in a part of the file; `false` where they are not boxes.
    fn boxes(&mut self, mut at: u64, end: u64, depth: u32) -> io::Result<bool> {
        while at < end {
            self.boxes += 1;
            let mut head = [0; 8];
            self.read(at, &mut head)?;
            let [a, b, c, d, name @ ..] = head;
            let (header, length) = match u32::from_be_bytes([a, b, c, d]) {
                0 => (8, end - at),
                1 => {
                    let mut long = [0; 8];
                    self.read(at + 8, &mut long)?;
                    (16, u64::from_be_bytes(long))
                }
                short => (8, u64::from(short)),
            };
            if length < header || length > end - at || self.boxes > BOXES {
                return Ok(false);
            }
            let (from, to) = (at + header, at + length);
            if METADATA.contains(&&name) {
                self.write(at + 4, b"free")?;
                self.zero(from, to)?;
            } else if HOLDERS.contains(&&name) {
                if depth == 0 || !self.boxes(from, to, depth - 1)? {
                    return Ok(false);
                }
            } else {
                self.look(name, from)?;
            }
            at = to;
        }
        Ok(true)
    }

    fn look(&mut self, name: [u8; 4], at: u64) -> io::Result<()> {
        let mut version = [0];
        match &name {
            b"hdlr" => {
                let mut kind = [0; 4];
                self.read(at + 8, &mut kind)?;
                // QuickTime has another of these in `minf`, which is not looked into.
                self.known &= TRACKS.contains(&&kind);
            }
            b"mvhd" => {
                self.read(at, &mut version)?;
                let (scale, duration) = if version == [1] {
                    (self.number(at + 20, 4)?, self.number(at + 24, 8)?)
                } else {
                    (self.number(at + 12, 4)?, self.number(at + 16, 4)?)
                };
                self.found.duration_ms = duration.saturating_mul(1_000).checked_div(scale);
            }
            b"tkhd" => {
                self.read(at, &mut version)?;
                let matrix = at + if version == [1] { 52 } else { 40 };
                // Its first number is zero where the picture lies on its side.
                let aside = self.number(matrix, 4)? == 0;
                let sides = [self.number(matrix + 36, 4)? >> 16, self.number(matrix + 40, 4)? >> 16];
                let [width, height] = sides.map(|side| u32::try_from(side).unwrap_or_default());
                if width > 0 && height > 0 {
                    let (width, height) = if aside { (height, width) } else { (width, height) };
                    (self.found.width, self.found.height) = (width, height);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn number(&mut self, at: u64, bytes: usize) -> io::Result<u64> {
        let mut number = [0; 8];
        let part = number.get_mut(8 - bytes..).unwrap_or_default();
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(part)?;
        Ok(u64::from_be_bytes(number))
    }

    fn read(&mut self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(bytes)
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(bytes)
    }

    fn zero(&mut self, from: u64, to: u64) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(from))?;
        io::copy(&mut io::repeat(0).take(to - from), &mut self.file).map(drop)
    }
}
