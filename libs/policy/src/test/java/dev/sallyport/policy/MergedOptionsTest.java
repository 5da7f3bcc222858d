package dev.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.LockingMode;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MergedOptionsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static Role role(RoleOptions options) {
    return new Role(Metadata.named("r"), "v7", options, RoleConditions.NONE, RoleConditions.NONE);
  }

  private static RoleOptions options(
      Duration ttl,
      Optional<Duration> idle,
      boolean yes,
      Optional<LockingMode> lock,
      int connections) {
    return new RoleOptions(ttl, idle, yes, yes, idle, lock, connections, false, false, Map.of());
  }

  @Test
  void the_strictest_of_each_counts() {
    var plain = role(RoleOptions.DEFAULT);
    var lax = options(HOUR, Optional.of(HOUR), false, Optional.of(LockingMode.BEST_EFFORT), 9);
    var strict =
        options(
            Duration.ofHours(2),
            Optional.of(Duration.ofMinutes(5)),
            true,
            Optional.of(LockingMode.STRICT),
            3);
    var merged = MergedOptions.of(List.of(plain, role(lax), role(strict)));
    assertThat(merged)
        .isEqualTo(
            new MergedOptions(
                HOUR,
                Optional.of(Duration.ofMinutes(5)),
                true,
                MergedOptions.SessionMfa.BY_ROLE,
                Optional.of(Duration.ofMinutes(5)),
                Optional.of(LockingMode.STRICT),
                3));
    assertThat(MergedOptions.of(List.of(role(strict))).sessionMfa())
        .isEqualTo(MergedOptions.SessionMfa.ALWAYS);
  }

  @Test
  void the_shorter_of_the_roles_and_the_clusters_idle_times_counts() {
    var none = MergedOptions.of(List.of());
    assertThat(none.withClusterIdle(Optional.empty())).isEqualTo(none);
    assertThat(none.withClusterIdle(Optional.of(HOUR)).clientIdleTimeout()).contains(HOUR);
    var roles = none.withClusterIdle(Optional.of(HOUR));
    var shorter = Optional.of(Duration.ofMinutes(5));
    assertThat(roles.withClusterIdle(shorter).clientIdleTimeout()).isEqualTo(shorter);
    assertThat(none.withClusterIdle(shorter).withClusterIdle(Optional.of(HOUR)))
        .isEqualTo(none.withClusterIdle(shorter));
  }

  @Test
  void roles_that_ask_for_nothing_leave_it_to_the_cluster() {
    var merged = MergedOptions.of(List.of(role(RoleOptions.DEFAULT)));
    assertThat(merged)
        .isEqualTo(
            new MergedOptions(
                Duration.ofHours(30),
                Optional.empty(),
                false,
                MergedOptions.SessionMfa.NEVER,
                Optional.empty(),
                Optional.empty(),
                0));
    assertThat(MergedOptions.of(List.of())).isEqualTo(merged);
  }

  @Test
  void a_sign_in_lasts_from_a_minute_to_thirty_hours() {
    var merged = MergedOptions.of(List.of(role(new RoleOptions(HOUR, Map.of()))));
    assertThat(merged.sessionTtl(Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(10));
    assertThat(merged.sessionTtl(Duration.ofHours(5))).isEqualTo(HOUR);
    assertThat(merged.sessionTtl(Duration.ofSeconds(5))).isEqualTo(Duration.ofMinutes(1));
    var second = MergedOptions.of(List.of(role(new RoleOptions(Duration.ofSeconds(1), Map.of()))));
    assertThat(second.maxSessionTtl()).isEqualTo(Duration.ofMinutes(1));
    var long30 = MergedOptions.of(List.of(role(new RoleOptions(Duration.ofDays(9), Map.of()))));
    assertThat(long30.maxSessionTtl()).isEqualTo(Duration.ofHours(30));
  }
}
