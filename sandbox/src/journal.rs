//! The bank's memory over a restart: one JSON object a line, appended, never changed.
//!
//! A line is written before its answer is given and before the ledger in memory moves, so an inquiry after a restart is true. It is
//! not synced to the disk: the sandbox has to survive its own end, not that of the machine.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;

use crate::ledger::Record;

/// Longest line read back, in bytes; a true one has a few hundred.
const LINE_MAX_BYTES: usize = 8 * 1024;

pub(crate) struct Journal {
    file: File,
    length_bytes: u64,
}

impl Journal {
    /// Opens or makes the file, locks it for this process, and hands every record to `remember`, oldest first. A last line without its line feed was
    /// never answered (the process ended while writing it) and is cut off.
    pub(crate) fn open(path: &Path, mut remember: impl FnMut(Record) -> io::Result<()>) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        file.try_lock().map_err(|_| io::Error::new(io::ErrorKind::WouldBlock, "another sandbox uses this journal"))?;
        let mut reader = BufReader::new(&file);
        let mut length_bytes = 0;
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            let read = reader.read_until(b'\n', &mut line)?;
            if line.last() != Some(&b'\n') {
                break;
            }
            let record = Some(&line).filter(|line| line.len() <= LINE_MAX_BYTES).and_then(|line| serde_json::from_slice(line).ok());
            let Some(record) = record else {
                return Err(io::Error::new(io::ErrorKind::InvalidData, format!("line {number} of the journal is not a bank record")));
            };
            remember(record)?;
            length_bytes += read as u64;
        }
        file.set_len(length_bytes)?;
        let mut journal = Self { file, length_bytes };
        journal.file.seek(SeekFrom::Start(length_bytes))?;
        Ok(journal)
    }

    /// Appends one record; on an error the file is as before.
    pub(crate) fn append(&mut self, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        if let Err(error) = self.file.write_all(&line) {
            self.file.set_len(self.length_bytes)?;
            self.file.seek(SeekFrom::Start(self.length_bytes))?;
            return Err(error);
        }
        self.length_bytes += line.len() as u64;
        Ok(())
    }
}
