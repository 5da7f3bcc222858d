package dev.sallyport.agent.record;

import dev.sallyport.audit.DatabaseEvent.JournalNotice;
import dev.sallyport.audit.DatabaseEvent.JournalState;
import dev.sallyport.audit.EventHeader;
import dev.sallyport.audit.UserMetadata;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.audit.journal.JournalHost;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.TlsIdentity;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/// The agent as its journal knows it: signs with its host key, and speaks of the journal.
///
/// @param agent its host id
/// @param clusterName its cluster
/// @param identity its key and certificate, of each moment
public record AgentVoice(
    String agent,
    String clusterName,
    Supplier<TlsIdentity> identity,
    EventIds ids,
    InstantSource clock)
    implements JournalHost {
  private static final int MACHINE = 2;

  @Override
  public Checkpoint sign(ChainLink link) {
    var now = identity.get();
    return Checkpoint.sign(link, clock.instant(), now.key(), now.leaf());
  }

  @Override
  public JournalNotice notice(
      JournalState state,
      String epoch,
      long records,
      long bytes,
      String reason,
      List<String> gaps) {
    return new JournalNotice(
        new EventHeader(ids.next(), clock.instant(), clusterName, 0),
        new UserMetadata(agent + "." + clusterName, MACHINE, List.of(SystemRole.DB.wireName())),
        agent,
        state,
        epoch,
        records,
        bytes,
        reason,
        gaps);
  }
}
