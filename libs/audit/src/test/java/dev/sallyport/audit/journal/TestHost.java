package dev.sallyport.audit.journal;

import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.JournalNotice;
import dev.sallyport.audit.DatabaseEvent.JournalState;
import dev.sallyport.audit.EventHeader;
import dev.sallyport.audit.SampleRequests;
import dev.sallyport.audit.UserMetadata;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.audit.chain.HostKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// An agent for tests, whose clock can be set.
final class TestHost implements JournalHost {

  private static final HostKey KEY = HostKey.make();
  private static final AtomicLong COUNT = new AtomicLong();

  volatile Instant now = Instant.parse("2030-01-01T10:00:00Z");

  @Override
  public String agent() {
    return "host-1";
  }

  @Override
  public Checkpoint sign(ChainLink link) {
    return Checkpoint.sign(link, now, KEY.key(), KEY.certificate());
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
        new EventHeader("notice-" + COUNT.incrementAndGet(), now, "example.com", 0),
        UserMetadata.named("host-1"),
        "host-1",
        state,
        epoch,
        records,
        bytes,
        reason,
        gaps);
  }

  DynamoDbRequest intent(String uid) {
    return SampleRequests.intent(uid, now);
  }
}
