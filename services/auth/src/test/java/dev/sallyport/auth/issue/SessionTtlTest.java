package dev.sallyport.auth.issue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SessionTtlTest {
  private static final Duration USUAL = Duration.ofHours(6);
  private static final Role ROLE =
      new Role(
          Metadata.named("any"),
          Role.CURRENT_VERSION,
          RoleOptions.DEFAULT,
          RoleConditions.NONE,
          RoleConditions.NONE);

  @Test
  void aSignInThatAsksForNothingLastsAsLongAsTheClusterSays() {
    assertThat(SessionTtl.of(Optional.empty(), USUAL, List.of(ROLE))).isEqualTo(USUAL);
  }

  @Test
  void askingForLessIsGrantedAndForMoreThanTheRolesAllowIsCut() {
    assertThat(SessionTtl.of(Optional.of(Duration.ofHours(1)), USUAL, List.of(ROLE)))
        .isEqualTo(Duration.ofHours(1));
    assertThat(SessionTtl.of(Optional.of(Duration.ofDays(9)), USUAL, List.of(ROLE)))
        .isEqualTo(ROLE.options().maxSessionTtl());
  }

  @Test
  void noSignInIsShorterThanAMinute() {
    assertThat(SessionTtl.of(Optional.of(Duration.ofSeconds(1)), USUAL, List.of(ROLE)))
        .isEqualTo(SessionTtl.MIN);
  }
}
