package dev.sallyport.control;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.ClusterEvent.AuditStoreNotice;
import dev.sallyport.audit.ClusterEvent.StoreState;
import dev.sallyport.audit.DatabaseEvent.JournalNotice;
import dev.sallyport.audit.DatabaseEvent.JournalState;
import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.audit.chain.ChainFault;
import dev.sallyport.audit.store.ChainNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Losses that the holder of a chain put on record itself. What an agent says of its own chain
/// counts only where a signature of the agent covers it: else whoever drops records could write the
/// excuse, too.
final class DeclaredLosses {
  private static final Pattern GAP = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

  private final List<Gap> gaps = new ArrayList<>();
  private final List<SetAside> setAside = new ArrayList<>();

  /// @param saidIn the record that tells of it
  private record Gap(long first, long last, long saidIn) {}

  private record SetAside(ChainFault fault, long saidIn) {}

  /// What is left of faults, and what of them was declared.
  record Split(List<ChainFault> faults, List<ChainFault> declared) {}

  /// Takes notice of a record of the chain.
  void read(AuditRecord record) {
    if (!record.body().contains("\"audit.journal\"") && !record.body().contains("TAS02W")) {
      return;
    }
    try {
      var event = AuditJson.read(record.body());
      if (event instanceof JournalNotice notice && notice.state() == JournalState.LOST) {
        notice.gaps().forEach(gap -> gap(gap, record.sequence()));
      }
      if (event instanceof AuditStoreNotice notice && notice.state() == StoreState.SET_ASIDE) {
        setAside.add(new SetAside(fault(notice), record.sequence()));
      }
    } catch (InvalidAuditEvent | IllegalArgumentException e) {
      // It declares nothing; its hash tells whether it was changed.
    }
  }

  private void gap(String text, long saidIn) {
    var gap = GAP.matcher(text);
    if (gap.matches()) {
      gaps.add(new Gap(Long.parseLong(gap.group(1)), Long.parseLong(gap.group(2)), saidIn));
    }
  }

  private static ChainFault fault(AuditStoreNotice notice) {
    return new ChainFault(
        ChainFault.Kind.SET_ASIDE,
        ChainNames.parse(notice.chain()),
        notice.first(),
        notice.last(),
        "of records %d to %d Auth set aside %s"
            .formatted(notice.first(), notice.last(), notice.reason()));
  }

  /// @param proven up to which record the agent's signature stands
  Split split(List<ChainFault> found, long proven) {
    var faults = new ArrayList<ChainFault>();
    var declared = new ArrayList<ChainFault>();
    for (var fault : found) {
      declaration(fault, proven).ifPresentOrElse(declared::add, () -> faults.add(fault));
    }
    setAside.stream()
        .filter(one -> one.saidIn() <= proven)
        .forEach(one -> declared.add(one.fault()));
    return new Split(faults, declared);
  }

  private Optional<ChainFault> declaration(ChainFault fault, long proven) {
    if (fault.kind() == ChainFault.Kind.WRONG_CLOCK) {
      return Optional.of(fault);
    }
    if (fault.kind() != ChainFault.Kind.MISSING) {
      return Optional.empty();
    }
    return gaps.stream()
        .filter(gap -> gap.saidIn() <= proven)
        .filter(gap -> gap.first() <= fault.first() && fault.last() <= gap.last())
        .findFirst()
        .map(gap ->
            new ChainFault(
                ChainFault.Kind.LOST,
                fault.chain(),
                fault.first(),
                fault.last(),
                "%s, as the agent itself said in record %d"
                    .formatted(fault.message(), gap.saidIn())));
  }
}
