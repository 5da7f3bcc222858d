package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.ClusterEvent;
import dev.sallyport.audit.DatabaseEvent;
import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.audit.UserEvent;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.audit.store.Appended;
import dev.sallyport.audit.store.AuditStore.Addition;
import dev.sallyport.audit.store.ChainEntry;
import dev.sallyport.audit.store.ChainHead;
import dev.sallyport.audit.store.KeptCheckpoint;
import dev.sallyport.control.AuditAccepted;
import dev.sallyport.control.AuditBatch;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.JournalAck;
import dev.sallyport.control.JournalBatch;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.VerifiedHost;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the events that agents and proxies report. A host may report what happened at itself, and
/// no other kind of event; a batch with one it may not report is refused whole. What is answered is
/// on disk. What comes again is stored once.
public final class AuditIntake {
  private static final Logger LOG = LoggerFactory.getLogger(AuditIntake.class);

  /// Most events of one batch.
  public static final int BATCH_MAX = 1000;

  private static final int UID_LENGTH_MAX = 64;

  private final AuditArchive archive;
  private final AuditTrail trail;
  private final String clusterName;
  private final Secret hashKey;

  /// @param hashKey the cluster's key for hashes in records, which agents get
  public AuditIntake(AuditArchive archive, AuditTrail trail, String clusterName, Secret hashKey) {
    this.archive = archive;
    this.trail = trail;
    this.clusterName = clusterName;
    this.hashKey = hashKey;
  }

  /// The key with which agents hash what they do not tell.
  public Secret hashKey() {
    return hashKey;
  }

  /// Puts events on record one by one. When it fails half way, the host sends the batch again and
  /// what is on record already is known.
  public AuditAccepted accept(HostIdentity host, AuditBatch batch) {
    if (batch.events().size() > BATCH_MAX) {
      throw bad("%d events (expected: at most %d)".formatted(batch.events().size(), BATCH_MAX));
    }
    var events = new ArrayList<AuditEvent>();
    for (var json : batch.events()) {
      try {
        events.add(check(host, AuditJson.read(json)));
      } catch (InvalidAuditEvent e) {
        throw bad("event %d: %s".formatted(events.size(), e.getMessage()));
      }
    }
    try {
      var chain = archive.reportedBy(host.hostId());
      for (var event : events) {
        chain.appendOnce(event);
      }
    } catch (AuditUnavailable e) {
      throw unavailable(e);
    }
    return new AuditAccepted(events.size());
  }

  /// Puts a run of an agent's chain on record: all of it or nothing. A record that is no event
  /// which the agent may report is set aside, and that is on record.
  ///
  /// @throws ControlException of kind COMPARE_FAILED when it contradicts what is kept
  public JournalAck accept(VerifiedHost host, JournalBatch batch) {
    var agent = host.identity();
    if (!batch.agent().equals(agent.hostId())) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED, "a host may deliver the records of no other host");
    }
    var aside = new TreeMap<Long, String>();
    var entries = read(agent, batch, aside);
    var signed = batch.checkpoints().stream().filter(one -> isOwn(host, batch, one)).toList();
    try {
      var chain = batch.start().chain();
      var before = archive.store().head(chain.toString()).orElseGet(() -> ChainHead.empty(chain));
      // What is to be said of the records comes with them.
      var notices = new ArrayList<AuditEvent>();
      if (!entries.isEmpty() && batch.first() > before.last() + 1) {
        notices.add(
            trail.notices().missing(chain.toString(), before.last() + 1, batch.first() - 1));
      }
      setAside(batch, aside.tailMap(before.last(), false)).ifPresent(notices::add);
      var addition = new Addition(chain, entries, aside.keySet());
      var last =
          switch (archive.own().appendWith(notices, addition)) {
            case Appended.Done done -> done.last();
            case Appended.Broken broken -> throw contradicted(batch, broken);
          };
      for (var checkpoint : signed) {
        archive
            .store()
            .checkpoint(
                new KeptCheckpoint(
                    chain.toString(), checkpoint.sequence(), ControlJson.text(checkpoint)));
      }
      return new JournalAck(batch.epoch(), last);
    } catch (AuditUnavailable e) {
      throw unavailable(e);
    }
  }

  /// What can't be taken as an event must not hold up what comes after it.
  private Optional<AuditEvent> setAside(JournalBatch batch, SortedMap<Long, String> aside) {
    if (aside.isEmpty()) {
      return Optional.empty();
    }
    var reason = "%d records; the first: %s".formatted(aside.size(), aside.get(aside.firstKey()));
    return Optional.of(
        trail
            .notices()
            .setAside(batch.start().chain().toString(), aside.firstKey(), aside.lastKey(), reason));
  }

  /// @param aside gets the records that are no events which the sender may report, and why
  private List<ChainEntry> read(
      HostIdentity host, JournalBatch batch, SortedMap<Long, String> aside) {
    var entries = new ArrayList<ChainEntry>();
    ChainLink at = batch.start();
    long bytes = 0;
    for (var record : batch.records()) {
      var content = record.getBytes(StandardCharsets.UTF_8);
      bytes += content.length;
      if (bytes > JournalBatch.BYTES_MAX && batch.records().size() > 1) {
        throw bad("the records are longer than %d bytes".formatted(JournalBatch.BYTES_MAX));
      }
      var next = at.next(content);
      try {
        check(host, AuditJson.read(record));
      } catch (InvalidAuditEvent | ControlException e) {
        aside.put(next.sequence(), String.valueOf(e.getMessage()));
      }
      entries.add(new ChainEntry(next.sequence(), at.hash().hex(), next.hash().hex(), record));
      at = next;
    }
    if (!at.hash().hex().equals(batch.head())) {
      throw bad("the records do not lead to the hash that was sent with them");
    }
    return entries;
  }

  /// Only what the sender itself signed counts, with the certificate that it shows now or had
  /// before.
  private static boolean isOwn(VerifiedHost host, JournalBatch batch, Checkpoint checkpoint) {
    try {
      var certificate = checkpoint.x509();
      var own = certificate.getSubjectX500Principal();
      if (checkpoint.agent().equals(batch.agent())
          && checkpoint.epoch().equals(batch.epoch())
          && own.equals(host.certificate().getSubjectX500Principal())
          && checkpoint.isSignedBy(certificate.getPublicKey())) {
        return true;
      }
    } catch (CertificateException e) {
      // It counts for nothing.
    }
    LOG.atWarn()
        .addKeyValue("chain", batch.start().chain())
        .addKeyValue("record", checkpoint.sequence())
        .log("a signature that an agent delivered is not its own, and is not kept");
    return false;
  }

  private ControlException contradicted(JournalBatch batch, Appended.Broken broken) {
    var chain = batch.start().chain().toString();
    trail.notices().contradicted(chain, broken.sequence(), broken.reason());
    return new ControlException(
        ErrorKind.COMPARE_FAILED,
        "record %d does not fit what is on record: %s"
            .formatted(broken.sequence(), broken.reason()));
  }

  private AuditEvent check(HostIdentity host, AuditEvent event) {
    var uid = event.header().uid();
    if (uid.isEmpty() || uid.length() > UID_LENGTH_MAX) {
      throw bad("an event id of %d characters".formatted(uid.length()));
    }
    if (!event.header().clusterName().equals(clusterName) || !mayReport(host, event)) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED,
          "a %s host may not report this \"%s\" event"
              .formatted(host.role().wireName(), event.event()));
    }
    return event;
  }

  private static boolean mayReport(HostIdentity host, AuditEvent event) {
    return switch (event) {
      case DatabaseEvent own ->
          host.role() == SystemRole.DB && own.serverId().equals(host.hostId());
      case UserEvent.AuthAttempt _ -> true;
      case UserEvent _, ClusterEvent _ -> false;
    };
  }

  private static ControlException bad(String message) {
    return new ControlException(ErrorKind.BAD_PARAMETER, message);
  }

  private static ControlException unavailable(AuditUnavailable e) {
    return new ControlException(
        ErrorKind.UNAVAILABLE, "the audit log can't be written, send the events again", e);
  }
}
