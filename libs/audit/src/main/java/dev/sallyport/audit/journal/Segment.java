package dev.sallyport.audit.journal;

import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.journal.JournalFiles.JournalFile;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/// One file of the journal and what is known of it. Belongs to [SegmentLog] under its lock.
final class Segment {

  private static final String PREFIX = "journal-";
  private static final String SUFFIX = ".seg";
  private static final int DIGITS = 16;

  final long number;
  final JournalFile file;

  /// The place before its first record.
  final ChainLink start;

  /// How long the file is, as far as it was written whole.
  long size;

  /// How much of it is on the disk.
  long synced;

  /// Intents in it that have no outcome yet, and are in no later file.
  final Set<Staged> open = new LinkedHashSet<>();

  /// What was written in all when the last of its intents got its outcome.
  long resolvedAt;

  /// Nothing more is written to it.
  boolean sealed;

  Segment(long number, JournalFile file, ChainLink start, long size) {
    this.number = number;
    this.file = file;
    this.start = start;
    this.size = size;
  }

  static String name(long number) {
    return PREFIX + String.format(Locale.ROOT, "%0" + DIGITS + "x", number) + SUFFIX;
  }

  String name() {
    return name(number);
  }

  /// The number in a file's name; empty when it is no segment's.
  static OptionalLong numberOf(String name) {
    int length = PREFIX.length() + DIGITS + SUFFIX.length();
    if (name.length() != length || !name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
      return OptionalLong.empty();
    }
    try {
      String digits = name.substring(PREFIX.length(), PREFIX.length() + DIGITS);
      long number = Long.parseLong(digits, 16);
      return name.equals(name(number)) ? OptionalLong.of(number) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
