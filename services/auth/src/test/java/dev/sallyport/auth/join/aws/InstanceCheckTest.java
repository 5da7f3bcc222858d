package dev.sallyport.auth.join.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.auth.state.InstanceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.AwsInstanceRule;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.sqlite.SqliteStateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which instances are let in by their identity documents, and which documents are none.
final class InstanceCheckTest {
  private static final String ACCOUNT = "123456789012";
  private static final DocumentSigner VIRGINIA = DocumentSigner.rsa(2_048);
  private static final DocumentSigner IRELAND = DocumentSigner.rsa(2_048);

  private static final PublicKey KEY = KeyPairs.generate().getPublic();
  private static final PublicKey FIRST = KeyPairs.generate().getPublic();

  @TempDir private Path folder;
  private Instant now = Instant.parse("2026-11-22T18:00:00Z");
  private StateStore store;
  private InstanceCheck check;

  @BeforeEach
  void open() throws IOException {
    store = SqliteStateStore.open(folder.resolve("state"), () -> now);
    Files.writeString(folder.resolve("us-east-1.pem"), Pem.encode(VIRGINIA.certificate()));
    Files.writeString(folder.resolve("eu-west-1.pem"), Pem.encode(IRELAND.certificate()));
    check = new InstanceCheck(Optional.of(folder), new InstanceState(store), () -> now);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static String document(String account, String region, String instance, String pending) {
    return """
    {"accountId":"%s","architecture":"x86_64","availabilityZone":"%sa","billingProducts":null,
    "instanceId":"%s","pendingTime":"%s","region":"%s","version":"2017-09-30"}\
    """
        .formatted(account, region, instance, pending, region);
  }

  private String started(Duration ago) {
    return now.minus(ago).toString();
  }

  private static JoinTerms.AwsInstances terms(String... regions) {
    return new JoinTerms.AwsInstances(
        List.of(new AwsInstanceRule(ACCOUNT, List.of(regions))), JoinTerms.AwsInstances.AGE_USUAL);
  }

  private static InstanceState.Claimant claimant(PublicKey key) {
    return new InstanceState.Claimant(SystemRole.DB, key);
  }

  private void refused(Secret document, JoinTerms.AwsInstances terms, String message) {
    assertThatThrownBy(() -> check.check(document, terms, claimant(KEY)))
        .isInstanceOf(ControlException.class)
        .hasMessageContaining(message);
  }

  private String good() {
    return document(ACCOUNT, "us-east-1", "i-0123456789abcdef0", started(Duration.ofMinutes(1)));
  }

  @Test
  void anInstanceJoinsOnce() {
    var document = VIRGINIA.sign(good());
    var instance = check.check(document, terms("us-east-1"), claimant(FIRST));
    assertThat(instance.instanceId()).isEqualTo("i-0123456789abcdef0");
    refused(document, terms("us-east-1"), "has joined before");
    // Also with a document of a later start, and by another token.
    var later =
        VIRGINIA.sign(
            document(ACCOUNT, "us-east-1", "i-0123456789abcdef0", started(Duration.ZERO)));
    refused(later, terms(), "has joined before");
    var other =
        VIRGINIA.sign(
            document(ACCOUNT, "us-east-1", "i-0123456789abcdef1", started(Duration.ZERO)));
    assertThat(check.check(other, terms(), claimant(KEY)).account()).isEqualTo(ACCOUNT);
  }

  /// The answer was lost: the agent asks again with the key that it made for joining.
  @Test
  void theKeyThatJoinedMayAskAgainForTenMinutes() {
    var document = VIRGINIA.sign(good());
    check.check(document, terms(), claimant(FIRST));
    now = now.plus(Duration.ofMinutes(10)).minusMillis(1);
    assertThat(check.check(document, terms(), claimant(FIRST)))
        .as("though the document alone would be too old by now")
        .isNotNull();
    refused(document, terms("eu-west-1"), "did not match any allow rules");
    now = now.plusMillis(1);
    assertThatThrownBy(() -> check.check(document, terms(), claimant(FIRST)))
        .hasMessageContaining("too long ago");
    now = now.minus(Duration.ofMinutes(6));
    assertThatThrownBy(() ->
            check.check(document, terms(), new InstanceState.Claimant(SystemRole.PROXY, FIRST)))
        .hasMessageContaining("has joined before");
  }

  @Test
  void aClaimWithoutAKeyAsOfEarlierVersionsIsNobodys() {
    store.put(
        "ec2_instance/" + ACCOUNT + "/i-0123456789abcdef0",
        "{\"at\":\"2026-11-22T18:00:00Z\"}",
        Condition.always());
    refused(VIRGINIA.sign(good()), terms(), "has joined before");
  }

  @Test
  void ofManyWhoJoinAsOneInstanceAtOnceExactlyOneIsLetIn() throws Exception {
    var document = VIRGINIA.sign(good());
    var start = new CountDownLatch(1);
    var tries = new ArrayList<Future<Boolean>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        var claimant = claimant(KeyPairs.generate().getPublic());
        tries.add(
            executor.submit(() -> {
              start.await();
              try {
                check.check(document, terms(), claimant);
                return true;
              } catch (ControlException e) {
                assertThat(e).hasMessageContaining("has joined before");
                return false;
              }
            }));
      }
      start.countDown();
    }
    int letIn = 0;
    for (var one : tries) {
      letIn += one.get() ? 1 : 0;
    }
    assertThat(letIn).isEqualTo(1);
  }

  @Test
  void aRefusedTryDoesNotUseTheInstanceUp() {
    refused(VIRGINIA.sign(good()), terms("eu-west-1"), "did not match any allow rules");
    assertThat(check.check(VIRGINIA.sign(good()), terms("us-east-1"), claimant(KEY))).isNotNull();
  }

  @Test
  void onlyAccountsAndRegionsOfTheRulesAreLetIn() {
    var other =
        document("999999999999", "us-east-1", "i-0123456789abcdef0", started(Duration.ZERO));
    refused(VIRGINIA.sign(other), terms("us-east-1"), "did not match any allow rules");
    refused(VIRGINIA.sign(good()), terms("eu-west-1"), "did not match any allow rules");
    var china = document(ACCOUNT, "cn-north-1", "i-0123456789abcdef0", started(Duration.ZERO));
    refused(VIRGINIA.sign(china), terms(), "did not match any allow rules");
  }

  @Test
  void theCertificateOfTheRegionCountsAndNoOther() throws IOException {
    refused(IRELAND.sign(good()), terms(), "not signed by AWS's RSA-2048 key of us-east-1");
    // A stranger's own certificate in the message changes nothing.
    refused(DocumentSigner.rsa(2_048).sign(good()), terms(), "not signed by AWS's");
    var ohio = document(ACCOUNT, "us-east-2", "i-0123456789abcdef0", started(Duration.ZERO));
    refused(VIRGINIA.sign(ohio), terms(), "put the RSA-2048 certificate");
    Files.writeString(folder.resolve("us-east-2.pem"), "garbage");
    refused(VIRGINIA.sign(ohio), terms(), "put the RSA-2048 certificate");
  }

  @Test
  void weakSignaturesAreNone() throws IOException {
    var small = DocumentSigner.rsa(1_024);
    Files.writeString(folder.resolve("us-east-1.pem"), Pem.encode(small.certificate()));
    refused(small.sign(good()), terms(), "not signed by AWS's");
    var sha1 = DocumentSigner.rsa(2_048).with("SHA1withRSA");
    Files.writeString(folder.resolve("us-east-1.pem"), Pem.encode(sha1.certificate()));
    refused(sha1.sign(good()), terms(), "not signed by AWS's");
    // The same key with SHA-256 is believed, so it was the hash that was not.
    assertThat(check.check(sha1.with("SHA256withRSA").sign(good()), terms(), claimant(KEY)))
        .isNotNull();
  }

  @Test
  void aCertificateThatEndedCountsForNothing() {
    now = DocumentSigner.END.plusSeconds(1);
    refused(VIRGINIA.sign(good()), terms(), "not signed by AWS's");
  }

  @Test
  void alteredDocumentsAreNotBelieved() {
    refused(
        VIRGINIA.signed(good(), good().replace(ACCOUNT, "999999999999")),
        new JoinTerms.AwsInstances(
            List.of(new AwsInstanceRule("999999999999", List.of())), Duration.ofMinutes(5)),
        "not signed by AWS's");
    refused(VIRGINIA.twice(good(), IRELAND), terms(), "not signed by AWS's");
  }

  @Test
  void documentsOfLongAgoOrOfTheFutureAreNotGood() {
    var old =
        document(ACCOUNT, "us-east-1", "i-0123456789abcdef0", started(Duration.ofSeconds(301)));
    refused(VIRGINIA.sign(old), terms(), "too long ago to join by this token (aws_iid_ttl: 300s)");
    var ahead =
        document(ACCOUNT, "us-east-1", "i-0123456789abcdef0", started(Duration.ofSeconds(-61)));
    refused(VIRGINIA.sign(ahead), terms(), "too long ago");
    var edge =
        document(ACCOUNT, "us-east-1", "i-0123456789abcdef0", started(Duration.ofMinutes(5)));
    assertThat(check.check(VIRGINIA.sign(edge), terms(), claimant(KEY))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"accountId\":\"123456789012\",\"accountId\":\"123456789012\"}",
        "{\"accountId\":123456789012,\"region\":\"us-east-1\",\"instanceId\":\"i-01234567\","
            + "\"pendingTime\":\"2026-11-22T18:00:00Z\"}",
        "{\"accountId\":\"123456789012\",\"region\":\"../us-east-1\",\"instanceId\":\"i-01234567\","
            + "\"pendingTime\":\"2026-11-22T18:00:00Z\"}",
        "{\"accountId\":\"123456789012\",\"region\":\"us-east-1\",\"instanceId\":\"i-0/1\","
            + "\"pendingTime\":\"2026-11-22T18:00:00Z\"}",
        "{\"accountId\":\"123456789012\",\"region\":\"us-east-1\",\"instanceId\":\"i-01234567\","
            + "\"pendingTime\":\"yesterday\"}"
      })
  void whatIsNoIdentityDocumentIsNone(String text) {
    refused(VIRGINIA.sign(text), terms(), "is no instance identity document");
  }

  @Test
  void whatIsNoSignedMessageIsNone() {
    var signed = VIRGINIA.sign(good()).reveal();
    for (var wrong :
        List.of(
            "",
            "!",
            "AAAA",
            signed.substring(8),
            signed.substring(0, signed.length() / 2 / 4 * 4),
            VIRGINIA.detached(good()).reveal(),
            "A".repeat(40_000))) {
      refused(Secret.of(wrong), terms(), "is no signed instance identity document");
    }
  }

  @Test
  void withoutCertificatesNobodyJoins() {
    var without = new InstanceCheck(Optional.empty(), new InstanceState(store), () -> now);
    assertThatThrownBy(() -> without.check(VIRGINIA.sign(good()), terms(), claimant(KEY)))
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE))
        .hasMessageContaining("auth_service.ec2_certificates");
  }
}
