package dev.sallyport.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final BodyBudget budget = new BodyBudget(100, 60, Duration.ofSeconds(1));
  private final List<String> answers = new ArrayList<>();

  BodyBudgetTest() {
    clock.freezeTime();
  }

  @Test
  void whatFitsIsGrantedAtOnceAndGivenBackOnce() {
    var lease = budget.open("alice");
    ask(lease, 60, false, "a");

    assertThat(answers).containsExactly("a yes");
    assertThat(budget.held()).isEqualTo(60);
    lease.close();
    lease.close();
    assertThat(budget.held()).isZero();
  }

  @Test
  void moreThanAUsersShareIsRefusedAtOnce() {
    ask(budget.open("alice"), 61, false, "a");

    assertThat(answers).containsExactly("a no");
  }

  @Test
  void aUserAtTheShareWaitsAndOthersDoNot() {
    var first = budget.open("alice");
    ask(first, 50, false, "first");
    ask(budget.open("alice"), 20, false, "second");
    ask(budget.open("bob"), 40, false, "bob");
    run();
    assertThat(answers).containsExactly("first yes", "bob yes");

    first.close();
    run();

    assertThat(answers).containsExactly("first yes", "bob yes", "second yes");
  }

  @Test
  void whoWaitsTooLongIsRefused() {
    ask(budget.open("alice"), 60, false, "a");
    ask(budget.open("bob"), 60, false, "b");
    pass(900);
    assertThat(answers).containsExactly("a yes");

    pass(200);

    assertThat(answers).containsExactly("a yes", "b no");
  }

  @Test
  void theOneWhoAskedFirstIsServedFirst() {
    var first = budget.open("alice");
    ask(first, 60, false, "a");
    ask(budget.open("bob"), 60, false, "b");
    ask(budget.open("carol"), 10, false, "c");
    run();
    assertThat(answers).as("the small one does not overtake").containsExactly("a yes");

    first.close();
    run();

    assertThat(answers).containsExactly("a yes", "b yes", "c yes");
  }

  @Test
  void whenOnlyGrowingBodiesHoldEverythingTheYoungestIsRefusedAtOnce() {
    var old = budget.open("alice");
    var young = budget.open("bob");
    ask(old, 50, true, "old");
    ask(young, 50, true, "young");
    ask(old, 10, true, "old+");
    run();
    assertThat(answers).containsExactly("old yes", "young yes");

    ask(young, 10, true, "young+");
    run();
    assertThat(answers).containsExactly("old yes", "young yes", "young+ no");

    young.close();
    run();
    assertThat(answers).containsExactly("old yes", "young yes", "young+ no", "old+ yes");
  }

  @Test
  void twoGrowingBodiesOfOneUserDoNotBlockEachOtherOnTheShare() {
    var old = budget.open("alice");
    var young = budget.open("alice");
    ask(old, 30, true, "old");
    ask(young, 30, true, "young");
    ask(old, 30, true, "old+");
    ask(young, 30, true, "young+");
    run();

    assertThat(answers).containsExactly("old yes", "young yes", "young+ no");
  }

  @Test
  void aLeaseThatIsClosedWhileItWaitsIsNeverAnswered() {
    ask(budget.open("alice"), 60, false, "a");
    var gone = budget.open("bob");
    ask(gone, 60, false, "b");
    gone.close();
    pass(5000);

    assertThat(answers).containsExactly("a yes");
  }

  @Test
  void manyRandomLeasesNeverHoldMoreThanThereIsAndLeaveNothing() {
    var random = new Random(7);
    var open = new ArrayList<BodyBudget.Lease>();
    for (int i = 0; i < 20_000; i++) {
      if (open.isEmpty() || random.nextInt(3) > 0) {
        open.add(budget.open("user" + random.nextInt(4)));
      }
      var lease = open.get(random.nextInt(open.size()));
      if (random.nextInt(2) == 0) {
        lease.ask(1 + random.nextInt(30), random.nextBoolean(), clock.eventLoop(), yes -> {});
      } else {
        lease.close();
        open.remove(lease);
      }
      assertThat(budget.held()).isBetween(0L, 100L);
      if (i % 50 == 0) {
        pass(300);
      }
    }
    open.forEach(BodyBudget.Lease::close);
    run();
    assertThat(budget.held()).isZero();
  }

  @Test
  void aShareThatIsLargerThanTheWholeIsRefused() {
    assertThatThrownBy(() -> new BodyBudget(10, 11, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void ask(BodyBudget.Lease lease, long bytes, boolean grows, String name) {
    lease.ask(bytes, grows, clock.eventLoop(), yes -> answers.add(name + (yes ? " yes" : " no")));
  }

  private void pass(long millis) {
    clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    run();
  }

  private void run() {
    clock.runPendingTasks();
    clock.runScheduledPendingTasks();
    clock.runPendingTasks();
  }
}
