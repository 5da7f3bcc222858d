package dev.sallyport.agent.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.diagnostics.MetricText;
import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.dynamodb.Endpoint;
import dev.sallyport.dynamodb.Endpoints;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.Metadata;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwsClockTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final Endpoint AWS = endpoint("https://dynamodb.us-east-1.amazonaws.com");

  private Instant now = START;
  private final AwsClock clock = new AwsClock(() -> now);

  @ParameterizedTest
  @ValueSource(ints = {-240, -239, -1, 0, 1, 239, 240})
  void upToFourMinutesAreNoDifference(int seconds) {
    heard(Duration.ofSeconds(seconds));

    assertThat(clock.at(AWS, now)).isEqualTo(now);
    assertThat(offset()).isEqualTo("0.0");
  }

  @ParameterizedTest
  @ValueSource(ints = {-86_400, -1800, -241, 241, 1800, 86_400})
  void moreIsFollowedInBothDirectionsUpToADay(int seconds) {
    heard(Duration.ofSeconds(seconds));

    assertThat(clock.at(AWS, now)).isEqualTo(now.plusSeconds(seconds));
    assertThat(offset()).isEqualTo(seconds + ".0");
  }

  @ParameterizedTest
  @ValueSource(ints = {-86_401, 86_401, -1_000_000_000})
  void nobodyFollowsAClockThatIsMoreThanADayOff(int seconds) {
    heard(Duration.ofSeconds(seconds));

    assertThat(clock.at(AWS, now)).isEqualTo(now);
  }

  @Test
  void aClockThatIsSetRightIsBelievedAgain() {
    heard(Duration.ofMinutes(30));
    now = now.plus(Duration.ofMinutes(30));

    heard(Duration.ZERO);

    assertThat(clock.at(AWS, now)).isEqualTo(now);
    heard(Duration.ofDays(2));
    heard(Duration.ofMinutes(-10));
    assertThat(clock.at(AWS, now)).isEqualTo(now.minus(Duration.ofMinutes(10)));
  }

  @Test
  void aSlowAnswerOrAPauseOfThisProcessIsNoWrongClock() {
    var sentAt = now;
    now = now.plus(Duration.ofHours(1));

    clock.heard(AWS, sentAt, date(sentAt.plusSeconds(2)));
    assertThat(clock.at(AWS, now)).isEqualTo(now);
    clock.heard(AWS, sentAt, date(now.minusSeconds(2)));
    assertThat(clock.at(AWS, now)).isEqualTo(now);
  }

  @Test
  void anEndpointMovesItsOwnSignaturesAndNoOthers() {
    var own = endpoint("https://dynamodb.example.internal:8443");

    clock.heard(own, now, date(now.plus(Duration.ofHours(2))));

    assertThat(clock.at(own, now)).isEqualTo(now.plus(Duration.ofHours(2)));
    assertThat(clock.at(AWS, now)).isEqualTo(now);
    assertThat(offset()).isEqualTo("7200.0");
  }

  @Test
  void whatComesOverAPlainConnectionSaysNothing() {
    var plain = endpoint("http://localhost:8000");

    clock.heard(plain, now, date(now.plus(Duration.ofHours(2))));

    assertThat(clock.at(plain, now)).isEqualTo(now);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "Tue, 01 Jan 2030",
        "2030-01-01T05:00:00Z",
        "Tue, 01 Jan 2030 25:00:00 GMT",
        "Tue, 01 Jan 99999999999 00:00:00 GMT"
      })
  void aDateThatCannotBeReadSaysNothing(String date) {
    clock.heard(AWS, now, date);

    assertThat(clock.at(AWS, now)).isEqualTo(now);
  }

  @Test
  void aSignatureOfBeforeTheChangeIsToldFromOneAfterIt() {
    var signedAt = clock.at(AWS, now);
    assertThat(clock.wouldSignOtherwise(AWS, signedAt)).isFalse();

    heard(Duration.ofMinutes(-30));

    assertThat(clock.wouldSignOtherwise(AWS, signedAt)).isTrue();
    assertThat(clock.wouldSignOtherwise(AWS, clock.at(AWS, now))).isFalse();
  }

  private void heard(Duration ahead) {
    clock.heard(AWS, now, date(now.plus(ahead)));
  }

  private String offset() {
    var text = new MetricText();
    clock.measure(text);
    return text.toString()
        .lines()
        .filter(line -> line.startsWith("sallyport_db_aws_clock_offset_seconds "))
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .findFirst()
        .orElseThrow();
  }

  private static String date(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  private static Endpoint endpoint(String address) {
    var database =
        new Database(
            Metadata.named("db"),
            "dynamodb",
            Optional.empty(),
            DatabaseAws.of("us-east-1", "123456789012"),
            DatabaseTls.SYSTEM);
    return Endpoints.of(database, AwsService.DYNAMODB, Optional.of(URI.create(address)));
  }
}
