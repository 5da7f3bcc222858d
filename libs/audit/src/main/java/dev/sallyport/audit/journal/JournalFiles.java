package dev.sallyport.audit.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// The files of one journal. A seam: tests let any step fail.
interface JournalFiles {

  /// Names of the files that are there, in no order.
  List<String> list() throws IOException;

  /// Makes a new file and opens it.
  JournalFile create(String name) throws IOException;

  /// Opens a file that is there.
  JournalFile open(String name) throws IOException;

  /// Deletes a file.
  void delete(String name) throws IOException;

  /// One open file. Reading and writing are safe at the same time.
  interface JournalFile extends AutoCloseable {

    /// Writes all bytes at this place.
    void write(ByteBuffer bytes, long at) throws IOException;

    /// Fills the buffer from this place, as far as the file goes.
    void read(ByteBuffer into, long at) throws IOException;

    /// The length now.
    long size() throws IOException;

    /// Cuts off what is beyond.
    void truncate(long size) throws IOException;

    /// Returns when everything written before is on the disk.
    void force() throws IOException;

    @Override
    void close() throws IOException;
  }
}
