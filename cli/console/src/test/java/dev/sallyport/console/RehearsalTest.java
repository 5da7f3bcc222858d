package dev.sallyport.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private final List<List<String>> ran = new ArrayList<>();

  private int run(String... command) {
    ran.add(List.of(command));
    return command[0].equals("fail") ? 1 : 0;
  }

  @Test
  void commands_run_in_their_order_and_the_last_is_left() {
    var last =
        new Rehearsal("create", "-f", "a", "--then", "status", "--then", "proxy", "db")
            .runAllButLast(this::run);
    assertThat(ran).containsExactly(List.of("create", "-f", "a"), List.of("status"));
    assertThat(last).containsExactly("proxy", "db");
  }

  @Test
  void one_command_is_the_last() {
    assertThat(new Rehearsal("status").runAllButLast(this::run)).containsExactly("status");
    assertThat(ran).isEmpty();
  }

  @Test
  void a_command_that_fails_ends_it() {
    var rehearsal = new Rehearsal("fail", "--then", "status", "--then", "status");
    assertThatThrownBy(() -> rehearsal.runAllButLast(this::run)).hasMessage("[fail] ended with 1");
    assertThat(ran).containsExactly(List.of("fail"));
  }
}
