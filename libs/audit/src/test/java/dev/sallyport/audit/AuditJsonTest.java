package dev.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditJsonTest {

  static Stream<AuditEvent> events() {
    return Samples.all().stream();
  }

  @ParameterizedTest
  @MethodSource("events")
  void an_event_is_read_back_as_it_was(AuditEvent event) throws Exception {
    assertThat(AuditJson.read(line(event))).isEqualTo(event);
    assertThat(line(event)).endsWith("\n").doesNotContainPattern("\\n.");
  }

  @Test
  void the_samples_show_every_kind_of_event() {
    Set<String> shown = events().map(AuditEvent::event).collect(Collectors.toSet());
    assertThat(shown).isEqualTo(EventTypes.all().keySet());
  }

  @Test
  void a_request_has_the_names_that_log_readers_know() throws Exception {
    assertThat(
            line(Samples.request(DatabaseEvent.Outcome.ANSWERED, "DynamoDB_20120810.ListTables")))
        .contains(
            "\"event\":\"db.session.dynamodb.request\"",
            "\"code\":\"TDY01I\"",
            "\"uid\":\"5f0c\"",
            "\"time\":\"2030-01-01T10:00:00.123Z\"",
            "\"cluster_name\":\"example.com\"",
            "\"ei\":1",
            "\"user\":\"alice\"",
            "\"user_kind\":1",
            "\"sid\":\"0d1e\"",
            "\"with_mfa\":\"phone\"",
            "\"private_key_policy\":\"none\"",
            "\"db_service\":\"example-dynamodb\"",
            "\"db_uri\":\"https://dynamodb.us-east-1.amazonaws.com\"",
            "\"db_user\":\"ExampleTeleportDynamoDBRole\"",
            "\"db_labels\":{\"env\":\"dev\"}",
            "\"db_aws_region\":\"us-east-1\"",
            "\"db_type\":\"dynamodb\"",
            "\"db_origin\":\"config-file\"",
            "\"method\":\"POST\"",
            "\"raw_query\":\"\"",
            "\"target\":\"DynamoDB_20120810.ListTables\"",
            "\"status_code\":200",
            "\"outcome\":\"answered\"");
  }

  @Test
  void the_device_of_a_sign_in_is_an_object_of_its_own() throws Exception {
    assertThat(line(Samples.login("local", true)))
        .contains(
            "\"mfa_device\":{\"mfa_device_name\":\"phone\",\"mfa_device_uuid\":\"1d2e\","
                + "\"mfa_device_type\":\"TOTP\"}");
    assertThatThrownBy(() -> AuditJson.parse("{\"ei\":1e99999999999}"))
        .isInstanceOf(InvalidAuditEvent.class);
    assertThatThrownBy(() ->
            AuditJson.read(
                line(Samples.login("local", true))
                    .replace("{\"mfa_device_name", "{\"event\":\"x\",\"mfa_device_name")))
        .isInstanceOf(InvalidAuditEvent.class);
  }

  @ParameterizedTest
  @CsvSource({
    "INTENDED,TDY01I",
    "ANSWERED,TDY01I",
    "REFUSED,TDY01E",
    "NOT_SENT,TDY01E",
    "UNKNOWN,TDY01E"
  })
  void the_code_of_a_request_tells_whether_aws_answered(
      DatabaseEvent.Outcome outcome, String code) {
    assertThat(Samples.request(outcome, "t").code()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({"local,true,T1000I", "local,false,T1000W", "saml,true,T1001I", "oidc,false,T1001W"})
  void the_code_of_a_login_tells_how_and_whether(String method, boolean success, String code) {
    assertThat(Samples.login(method, success).code()).isEqualTo(code);
    assertThat(line(Samples.login(method, success))).contains("\"addr.remote\":\"10.0.0.1:5000\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"code\":\"TDB00I\"|\"code\":\"TDB00W\"",
        "\"event\":\"db.session.start\"|\"event\":\"user.login\"",
        "\"event\":\"db.session.start\"|\"event\":\"no.such\"",
        "\"event\":\"db.session.start\"|\"x\":1",
        "\"success\":true|\"success\":\"true\"",
        "\"success\":true|\"success\":true,\"extra\":1",
        "\"success\":true|\"success\":true,\"success\":true",
        "\"namespace\":\"default\",|",
        "\"user_kind\":1|\"user_kind\":1.5",
        "\"user_kind\":1|\"user_kind\":99999999999",
        "\"user_roles\":[\"access\"|\"user_roles\":[7",
        "10:00:00.123Z|10:00:00Z",
        "2030-01-01T|2030-02-30T",
        "\"db_labels\":{|\"db_labels\":{\"a\":{},",
        "\"sid\":\"0d1e\"|\"sid\":null",
      })
  void an_event_that_we_would_not_write_is_refused(
      String of, @org.jspecify.annotations.Nullable String by) {
    String good = line(Samples.start(true));
    String bad = good.replace(of, by == null ? "" : by);
    assertThat(bad).isNotEqualTo(good);
    assertThatThrownBy(() -> AuditJson.read(bad)).isInstanceOf(InvalidAuditEvent.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "null", "{", "{}", "{}{}", "\"x\"", "[[[[[[[[[[[[[[]]]]]]]]]]]]]]"})
  void no_event_at_all_is_refused(String text) {
    assertThatThrownBy(() -> AuditJson.read(text)).isInstanceOf(InvalidAuditEvent.class);
  }

  @Test
  void more_after_the_event_or_a_far_too_long_one_is_refused() {
    String good = line(Samples.start(true));
    assertThatThrownBy(() -> AuditJson.read(good + good)).isInstanceOf(InvalidAuditEvent.class);
    assertThatThrownBy(() -> AuditJson.read(good + " ".repeat(AuditJson.LINE_BYTES_MAX)))
        .isInstanceOf(InvalidAuditEvent.class);
  }

  @Test
  void hostile_text_stays_one_bounded_line() throws Exception {
    String hostile = "\r\n\0\u2028\"}{\ud83d\ude00".repeat(50_000);
    String line = line(Samples.request(DatabaseEvent.Outcome.REFUSED, hostile));
    assertThat(line).hasSizeLessThan(AuditJson.LINE_BYTES_MAX);
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    assertThat(AuditJson.read(line)).isInstanceOf(DatabaseEvent.DynamoDbRequest.class);
  }

  @Test
  void any_damage_is_read_or_refused() {
    Random random = new Random(3);
    byte[][] lines = events().map(AuditJson::toLine).toArray(byte[][]::new);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = lines[random.nextInt(lines.length)].clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(128);
      }
      try {
        assertThat(AuditJson.read(new String(damaged, StandardCharsets.UTF_8))).isNotNull();
      } catch (InvalidAuditEvent expected) {
        assertThat(expected).hasMessageNotContaining("alice");
      }
    }
  }

  private static String line(AuditEvent event) {
    return new String(AuditJson.toLine(event), StandardCharsets.UTF_8);
  }
}
