package dev.sallyport.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.AwsEndpointChoice;
import dev.sallyport.model.AwsSessionMarks;
import dev.sallyport.model.CaRotation;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.CreatedBy;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.DynamicLabel;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockTarget;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.RotationMode;
import dev.sallyport.model.RotationPhase;
import dev.sallyport.model.Rule;
import dev.sallyport.model.Secret;
import dev.sallyport.model.ServiceUris;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.TargetHealth;
import dev.sallyport.model.User;
import dev.sallyport.model.UserStatus;
import dev.sallyport.resources.document.DocumentParser;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  private static final Instant TIME = Instant.parse("2030-01-01T00:00:00.123Z");
  private static final String PEM =
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

  @Test
  void what_is_written_as_yaml_or_json_reads_back_as_the_same() {
    var random = new Random(5);
    for (int i = 0; i < 60; i++) {
      var resources = resources(random);
      assertThat(ResourceReader.read(ResourceYaml.print(resources), "y")).isEqualTo(resources);
      for (var resource : resources) {
        var json = ResourceJson.toJson(resource);
        assertThat(ResourceJson.fromJson(json)).isEqualTo(resource);
        assertThat(ResourceJson.fromJson(json.toString())).isEqualTo(resource);
        assertThat(ResourceJson.fromJson(json.toPrettyString())).isEqualTo(resource);
      }
    }
  }

  private static List<Resource> resources(Random random) {
    var metadata =
        new Metadata(
            "n" + text(random).replaceAll("[^a-z]", ""),
            Optional.of(text(random)),
            Map.of("k" + text(random), text(random)),
            Optional.of(TIME),
            Optional.of("r1"));
    var rule = new Rule(List.of("role"), List.of("list", "read"), Optional.of("x"), List.of("log"));
    var role =
        new Role(
            metadata,
            "v7",
            new RoleOptions(Duration.ofMinutes(90), Map.of("forward_agent", true)),
            new RoleConditions(
                new LabelSelector(Map.of("*", List.of("*"), "k" + text(random), List.of("a", "b"))),
                List.of(text(random) + "x"),
                List.of(rule),
                Map.of("logins", List.of(text(random), 7L, true))),
            RoleConditions.NONE);
    var user =
        new User(
            metadata,
            List.of("access"),
            Map.of("t" + text(random), List.of(text(random), "")),
            Optional.of(
                new CreatedBy(
                    "admin", TIME, Optional.of(new CreatedBy.Connector("local", "c", "i")))),
            new UserStatus(true, Optional.of(TIME), Optional.of("m"), Optional.of(TIME)),
            Map.of());
    var token =
        new ProvisionToken(metadata, List.of(SystemRole.DB), JoinTerms.SECRET, List.of("a", "b"));
    var database = database(metadata, random);
    var server =
        new DatabaseServer(
            metadata,
            "host-1",
            text(random),
            "1.0",
            database,
            random.nextBoolean() ? Optional.of(RotationPhase.INIT) : Optional.empty(),
            random.nextBoolean()
                ? Optional.of(
                    new TargetHealth(
                        "localhost:8000",
                        TargetHealth.Status.UNHEALTHY,
                        TargetHealth.Reason.THRESHOLD_REACHED,
                        TIME,
                        Optional.of(text(random) + "x")))
                : Optional.empty());
    var authority = authority(metadata, random);
    var lock =
        new Lock(
            metadata,
            new LockTarget(Map.of(LockPart.USER, text(random) + "x", LockPart.SERVER_ID, "h")),
            Optional.of(text(random) + "x"),
            Optional.of(TIME),
            Optional.of("admin"));
    return List.of(role, user, token, database, server, authority, lock);
  }

  private static Database database(Metadata metadata, Random random) {
    return new Database(
        metadata.withDescription(text(random)),
        "dynamodb",
        Optional.of("http://localhost:8000"),
        new DatabaseAws(
            "us-east-1",
            "012345678901",
            Optional.of("arn:aws:iam::012345678901:role/x"),
            Optional.of("external"),
            new AwsSessionMarks(Map.of("team", "blue"), Map.of("dept", "department"), true),
            new AwsEndpointChoice(
                Optional.of(false),
                Optional.of(false),
                Optional.of(AwsEndpointChoice.Account.PREFERRED))),
        new DatabaseTls(Optional.of(PEM)),
        Map.of(
            "d" + text(random),
            new DynamicLabel(
                List.of("cat", text(random)),
                Duration.ofSeconds(90),
                random.nextBoolean() ? Optional.of(text(random)) : Optional.empty())),
        new ServiceUris(Optional.of("localhost:8001"), Optional.of("localhost:8002")));
  }

  private static CertAuthority authority(Metadata metadata, Random random) {
    var pair = new CertAuthority.KeyPair(PEM, Optional.of(Secret.of(text(random))));
    return new CertAuthority(
        metadata,
        "user",
        "example.com",
        List.of(pair),
        random.nextBoolean() ? List.of(pair) : List.of(),
        rotation(random),
        List.of(new CertAuthority.Retired(PEM, TIME)));
  }

  private static CaRotation rotation(Random random) {
    var last = random.nextBoolean() ? Optional.of(TIME) : Optional.<Instant>empty();
    var phase = List.of(RotationPhase.values()).get(random.nextInt(RotationPhase.values().length));
    if (phase == RotationPhase.STANDBY) {
      return new CaRotation(phase, Optional.empty(), last);
    }
    var auto = random.nextBoolean();
    var grace = Duration.ofDays(2);
    var current =
        new CaRotation.Current(
            "id-1",
            auto ? RotationMode.AUTO : RotationMode.MANUAL,
            TIME,
            auto ? Optional.of(grace) : Optional.empty(),
            auto ? Optional.of(CaRotation.Schedule.evenly(TIME, grace)) : Optional.empty());
    return new CaRotation(phase, Optional.of(current), last);
  }

  /// Text that a careless printer or reader would take for something else.
  private static String text(Random random) {
    var pieces =
        List.of(
            "yes", "null", "~", "*", "&a", "1e3", "0123", "true", ": ", "#", "\n", "\t", "\"", "'",
            "\\", "é", "😀", "{", "[", "- ", "!!x", "%", "@", "a", " ", "\u0000", "\u2028", "|");
    var text = new StringBuilder();
    for (int n = random.nextInt(5); n >= 0; n--) {
      text.append(pieces.get(random.nextInt(pieces.size())));
    }
    return text.toString();
  }

  @Test
  void yaml_is_printed_the_way_people_write_it() {
    var role =
        new Role(
            Metadata.named("aws-dynamodb-access"),
            "v7",
            RoleOptions.DEFAULT,
            new RoleConditions(
                LabelSelector.ALL, List.of("ExampleTeleportDynamoDBRole"), List.of()),
            RoleConditions.NONE);
    assertThat(ResourceYaml.print(List.of(role)))
        .isEqualTo(
            """
            kind: role
            version: v7
            metadata:
              name: aws-dynamodb-access
            spec:
              options:
                max_session_ttl: "30h0m0s"
              allow:
                db_labels:
                  "*": "*"
                db_users:
                - ExampleTeleportDynamoDBRole
              deny: {}
            """);
  }

  @Test
  void random_changes_of_a_document_are_read_or_refused_and_nothing_else() {
    var random = new Random(9);
    var text = ResourceYaml.print(resources(random));
    var pieces = new ArrayList<>(List.of("*", "&a", "!!java.net.URL", "\t", "{", "[", "- ", ":"));
    for (int i = 0; i < 400; i++) {
      var changed = new StringBuilder(text);
      for (int n = random.nextInt(4); n >= 0; n--) {
        int at = random.nextInt(changed.length());
        switch (random.nextInt(3)) {
          case 0 -> changed.deleteCharAt(at);
          case 1 -> changed.insert(at, pieces.get(random.nextInt(pieces.size())));
          default -> changed.setCharAt(at, (char) random.nextInt(300));
        }
      }
      try {
        ResourceReader.read(changed.toString(), "fuzz");
      } catch (InvalidDocument refused) {
        assertThat(refused.getMessage()).startsWith("fuzz: ");
      }
    }
  }

  @Test
  void json_that_holds_a_key_twice_is_refused() {
    var text = "{\"kind\":\"token\",\"kind\":\"role\"}";
    assertThatThrownBy(() -> ResourceJson.fromJson(text)).hasMessageContaining("comes twice");
  }

  @Test
  void a_back_up_of_thousands_is_longer_than_a_document_may_be_and_reads_back_as_the_same() {
    var users = new ArrayList<User>();
    for (int i = 0; i < 10_000; i++) {
      var name = "user-%05d@example.com".formatted(i);
      users.add(
          new User(
              Metadata.named(name),
              List.of("access", "team-" + i % 100),
              Map.of("db_users", List.of("Reader", "Writer"), "team", List.of("blue")),
              Optional.empty()));
    }
    var text = ResourceYaml.print(users);
    assertThat(text.length()).isGreaterThan(DocumentParser.MAX_CHARACTERS);
    assertThat(ResourceReader.read(text, "backup.yaml")).isEqualTo(users);
    // A fault in the middle is told with its line, and where nothing else is wrong nothing else is.
    var place = text.indexOf("roles:", text.length() / 2);
    var line = text.substring(0, place).lines().count();
    assertThatThrownBy(() ->
            ResourceReader.read(
                text.substring(0, place) + "rolse:" + text.substring(place + 6), "backup.yaml"))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("line " + line)
        .hasMessageContaining("did you mean \"roles\"?");
  }
}
