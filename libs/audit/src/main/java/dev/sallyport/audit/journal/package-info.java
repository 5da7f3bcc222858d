/// An agent's journal: records are in a file before what they tell of may happen, and stay there
/// until Auth has them.
///
/// ```
/// caller → queue → [SegmentLog] (one thread, many records a write) → caller goes on
///                     ├─ fsync within 50 ms, or before the caller goes on
///                     └─ [JournalShipper] → Auth → acknowledged → file deleted
/// ```
@NullMarked
package dev.sallyport.audit.journal;

import org.jspecify.annotations.NullMarked;
