package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.DynamoDbError;
import dev.sallyport.sigv4.Header;
import dev.sallyport.sigv4.SecretKeyBytes;
import dev.sallyport.sigv4.Sha256;
import dev.sallyport.sigv4.SigV4Verifier;
import dev.sallyport.sigv4.SignatureFault;
import dev.sallyport.sigv4.SignedHead;
import dev.sallyport.sigv4.SigningCredentials;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;

/// Strict mode: lets in only requests that are signed with the proxy's own key, so that other users
/// of the machine, who reach the port as well, can't use it.
///
/// A head that can't count is refused before its body is taken. The body is hashed as it comes.
public final class SignatureGate {
  private static final String SERVICE = "com.amazon.coral.service#";

  private final SigV4Verifier verifier;
  private final InstantSource clock;

  /// Takes what is signed with this key, by that clock.
  public SignatureGate(LocalKey key, InstantSource clock) {
    this.verifier =
        new SigV4Verifier(
            SigningCredentials.of(key.accessKeyId(), SecretKeyBytes.of(key.secretKey().reveal())));
    this.clock = clock;
  }

  /// What to do with a request.
  sealed interface Opinion {
    /// Its body is wanted.
    record Pending(Check check) implements Opinion {}

    /// It is answered with this.
    record Refuse(DynamoDbError answer) implements Opinion {}
  }

  /// A signature whose body is being hashed. Lives on its loop.
  final class Check {
    private final SigV4Verifier.Claim claim;
    private final MessageDigest digest = Sha256.begin();

    private Check(SigV4Verifier.Claim claim) {
      this.claim = claim;
    }

    /// Hashes a piece of the body, which stays as it is.
    void update(ByteBuf bytes) {
      for (var piece : bytes.nioBuffers()) {
        digest.update(piece);
      }
    }

    /// The body is whole: empty when the request may go on.
    Optional<DynamoDbError> finish() {
      return verifier.verify(claim, digest.digest()).map(SignatureGate::answer);
    }
  }

  Opinion judge(RequestHead request, String target) {
    var headers = new ArrayList<Header>(request.headers().size());
    for (var header : request.headers()) {
      headers.add(new Header(header.name(), utf8(header.value())));
    }
    var query = target.indexOf('?');
    var head =
        new SignedHead(
            request.method(),
            query < 0 ? target : target.substring(0, query),
            query < 0 ? "" : target.substring(query + 1),
            headers);
    return switch (verifier.read(head, clock.instant())) {
      case SigV4Verifier.Reading.Refused refused -> new Opinion.Refuse(answer(refused.fault()));
      case SigV4Verifier.Reading.Claimed claimed -> new Opinion.Pending(new Check(claimed.claim()));
    };
  }

  /// With the names that AWS has for them, so that clients don't try again.
  private static DynamoDbError answer(SignatureFault fault) {
    return switch (fault) {
      case MISSING ->
          refused(
              "MissingAuthenticationTokenException",
              "this tunnel is strict: sign requests with the key pair that tsh printed when it"
                  + " started");
      case UNKNOWN_KEY ->
          refused(
              "UnrecognizedClientException",
              "this tunnel is strict and does not know this access key: use the key pair that tsh"
                  + " printed when it started");
      case SESSION_TOKEN ->
          refused(
              "UnrecognizedClientException",
              "the key pair of this tunnel has no session token: unset AWS_SESSION_TOKEN");
      case INCOMPLETE ->
          refused(
              "IncompleteSignatureException",
              "the Authorization header must be an AWS4-HMAC-SHA256 signature over host,"
                  + " x-amz-date and every x-amz header");
      case OUT_OF_TIME ->
          refused(
              "InvalidSignatureException",
              "Signature expired: its time is more than "
                  + SigV4Verifier.WINDOW.toMinutes()
                  + " minutes from this machine's");
      case WRONG ->
          refused(
              "InvalidSignatureException",
              "The request signature we calculated does not match the signature you provided: the"
                  + " secret key is not this tunnel's, or something changed the request on its"
                  + " way");
    };
  }

  private static DynamoDbError refused(String type, String message) {
    return new DynamoDbError(400, SERVICE + type, message);
  }

  /// Header values are read as single bytes; whoever signed them meant text.
  private static String utf8(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) > 0x7f) {
        return new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
    }
    return value;
  }
}
