package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.audit.RequestJournal;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RoundIntentsTest {
  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final List<List<DynamoDbRequest>> written = new ArrayList<>();
  private final List<Integer> told = new ArrayList<>();
  private boolean quick = true;

  private final RoundIntents rounds =
      new RoundIntents(
          new RequestJournal() {
            @Override
            public void begin(DynamoDbRequest intent, Begun begun) {
              throw new IllegalStateException("not by a round");
            }

            @Override
            public List<RequestEntry> beginAtOnce(List<DynamoDbRequest> intents) {
              written.add(intents);
              return quick
                  ? intents.stream().map(it -> (RequestEntry) outcome -> {}).toList()
                  : List.of();
            }
          });

  @AfterEach
  void close() {
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static DynamoDbRequest intent(String uid) {
    try {
      return (DynamoDbRequest)
          AuditJson.read(
              """
              {"event":"db.session.dynamodb.request","code":"TDY01I","uid":"%s",\
              "time":"2030-01-01T00:00:00.000Z","cluster_name":"c","ei":0,"user":"alice",\
              "user_kind":1,"sid":"s","private_key_policy":"none","db_service":"d",\
              "db_protocol":"dynamodb","db_uri":"u","db_user":"r","db_aws_region":"us-east-1",\
              "db_type":"dynamodb","db_origin":"config-file","server_id":"h","method":"POST",\
              "path":"/","raw_query":"","target":"t","table_knowledge":"unknown",\
              "body_bytes":0,"body_digest":"","outcome":"intended","status_code":0,\
              "duration_millis":0,"body_cut":false,"answer_bytes":0}
              """
                  .formatted(uid));
    } catch (InvalidAuditEvent e) {
      throw new IllegalStateException(e);
    }
  }

  private void add(int number) {
    rounds.add(
        loop,
        intent("r" + number),
        made -> {
          if (made.isPresent() == quick) {
            told.add(number);
          }
        });
  }

  private void round(Runnable task) throws Exception {
    loop.submit(task).get(30, TimeUnit.SECONDS);
    // Behind what the task put in.
    loop.submit(() -> {}).get(30, TimeUnit.SECONDS);
  }

  @Test
  void whatComesInOneRoundIsWrittenTogether() throws Exception {
    round(() -> {
      for (int i = 0; i < 5; i++) {
        add(i);
      }
      assertThat(written).isEmpty();
    });
    assertThat(written).hasSize(1);
    assertThat(written.getFirst())
        .extracting(it -> it.header().uid())
        .containsExactly("r0", "r1", "r2", "r3", "r4");
    assertThat(told).containsExactly(0, 1, 2, 3, 4);
    round(() -> add(5));
    assertThat(written).hasSize(2);
  }

  @Test
  void noMoreThanTheMostAreWrittenTogether() throws Exception {
    int all = 2 * RoundIntents.TOGETHER_MAX + 1;
    round(() -> {
      for (int i = 0; i < all; i++) {
        add(i);
      }
    });
    assertThat(written)
        .extracting(List::size)
        .containsExactly(RoundIntents.TOGETHER_MAX, RoundIntents.TOGETHER_MAX, 1);
    assertThat(told).hasSize(all);
  }

  @Test
  void eachIsToldThatItWasNotWritten() throws Exception {
    quick = false;
    round(() -> {
      add(0);
      add(1);
    });
    assertThat(told).containsExactly(0, 1);
  }

  /// A request that is answered at once makes room for the next of its connection.
  @Test
  void oneThatIsAddedWhileOthersAreToldIsNotForgotten() throws Exception {
    round(() -> rounds.add(loop, intent("first"), made -> add(1)));
    round(() -> {});
    assertThat(written).hasSize(2);
    assertThat(told).containsExactly(1);
  }
}
