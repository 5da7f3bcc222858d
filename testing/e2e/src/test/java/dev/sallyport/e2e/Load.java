package dev.sallyport.e2e;

import dev.sallyport.testkit.client.SdkClients;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * Eight programs that write items and read them back through one tunnel, each call once: nothing is
 * tried again, and each failure is judged.
 */
final class Load implements AutoCloseable {
  /** How many programs there are. */
  static final int PROGRAMS = 8;

  /** The table that is used; its key is {@link #KEY}. */
  static final String TABLE = "Outages";

  /** The key of {@link #TABLE}, a string. */
  static final String KEY = "Id";

  private static final String VALUE = "Value";
  private static final Set<String> BUSY =
      Set.of("ThrottlingException", "ProvisionedThroughputExceededException");

  private final DynamoDbClient client;
  private final ScheduledExecutorService programs = Executors.newScheduledThreadPool(PROGRAMS);
  private final List<Program> all = new ArrayList<>();
  private final Map<String, AtomicLong> failures = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicLong succeeded = new AtomicLong();

  private Load(int port) {
    client = SdkClients.dynamoDbOnce(URI.create("http://localhost:" + port));
  }

  /** Makes {@link #TABLE}. */
  static void createTable(GuideSite guide) {
    try (DynamoDbClient operator =
        SdkClients.dynamoDb(guide.aws.dynamoDbUri(), guide.aws.agentCredentials())) {
      operator.createTable(table ->
          table
              .tableName(TABLE)
              .billingMode(BillingMode.PAY_PER_REQUEST)
              .attributeDefinitions(
                  AttributeDefinition.builder()
                      .attributeName(KEY)
                      .attributeType(ScalarAttributeType.S)
                      .build())
              .keySchema(
                  KeySchemaElement.builder().attributeName(KEY).keyType(KeyType.HASH).build()));
    }
  }

  /** Starts the programs; each rests so long after each call. */
  static Load start(int port, Duration pause) {
    Load load = new Load(port);
    for (int i = 0; i < PROGRAMS; i++) {
      Program program = load.new Program("program-" + i);
      load.all.add(program);
      load.programs.scheduleWithFixedDelay(program::step, 0, pause.toNanos(), TimeUnit.NANOSECONDS);
    }
    return load;
  }

  /** One program: writes an item, reads it, writes the next one. */
  private final class Program {
    private final String name;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong streak = new AtomicLong();
    private volatile long workingSince = System.nanoTime();
    private volatile long failingSince = Long.MAX_VALUE;
    private boolean toRead;

    Program(String name) {
      this.name = name;
    }

    private Map<String, AttributeValue> key(long number) {
      return Map.of(KEY, AttributeValue.fromS(name + "-" + number));
    }

    void step() {
      try {
        if (toRead) {
          read(written.get());
        } else {
          write(written.get() + 1);
        }
        toRead = !toRead;
        if (streak.getAndIncrement() == 0) {
          workingSince = System.nanoTime();
        }
        failingSince = Long.MAX_VALUE;
        succeeded.incrementAndGet();
      } catch (AwsServiceException e) {
        String code = e.awsErrorDetails().errorCode();
        failed(e.statusCode() + " " + code);
        if (e.statusCode() < 500 && !BUSY.contains(code)) {
          wrong.add(name + ": " + e);
        }
      } catch (SdkClientException e) {
        failed("broken connection");
      } catch (RuntimeException | Error e) {
        failed("fault");
        wrong.add(name + ": " + e);
      }
    }

    private void write(long number) {
      client.putItem(put ->
          put.tableName(TABLE)
              .item(
                  Map.of(
                      KEY,
                      AttributeValue.fromS(name + "-" + number),
                      VALUE,
                      AttributeValue.fromN(Long.toString(number)))));
      written.set(number);
    }

    private void read(long number) {
      Map<String, AttributeValue> item =
          client.getItem(get -> get.tableName(TABLE).key(key(number)).consistentRead(true)).item();
      AttributeValue value = item.get(VALUE);
      if (value == null || !Long.toString(number).equals(value.n())) {
        wrong.add(name + " read " + item + " (expected: " + number + ")");
      }
    }

    private void failed(String what) {
      failures.computeIfAbsent(what, any -> new AtomicLong()).incrementAndGet();
      streak.set(0);
      if (failingSince == Long.MAX_VALUE) {
        failingSince = System.nanoTime();
      }
    }
  }

  /** Whether every program has failed again and again for this long. */
  boolean failingFor(Duration time) {
    long now = System.nanoTime();
    return all.stream()
        .allMatch(
            one -> one.failingSince != Long.MAX_VALUE && now - one.failingSince >= time.toNanos());
  }

  /** Whether every program's last calls, this many, went well. */
  boolean goingWellFor(int calls) {
    return all.stream().allMatch(one -> one.streak.get() >= calls);
  }

  /**
   * Since when no call has failed: the end of the last program's first good call after its last bad
   * one, by {@link System#nanoTime()}.
   */
  long workingSince() {
    return all.stream()
        .map(one -> one.workingSince)
        .reduce((one, other) -> one - other > 0 ? one : other)
        .orElseThrow();
  }

  /** How many calls went well. */
  long succeeded() {
    return succeeded.get();
  }

  /** The failures by their kind, for the log. */
  Map<String, AtomicLong> failures() {
    return Map.copyOf(failures);
  }

  /** What no program may see: refusals, wrong answers, faults. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** Lets the present calls end, and makes no more. */
  void stop() {
    programs.shutdown();
    try {
      if (!programs.awaitTermination(40, TimeUnit.SECONDS)) {
        throw new AssertionError("a call hangs");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    programs.shutdownNow();
    client.close();
  }
}
