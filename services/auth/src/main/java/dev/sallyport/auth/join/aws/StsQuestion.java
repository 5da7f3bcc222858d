package dev.sallyport.auth.join.aws;

import dev.sallyport.control.CallerIdentityCall;
import dev.sallyport.control.CallerProof;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Secret;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// The headers of the request that STS is sent: made here, from the parts of a host's proof that
/// only it could make. Each part has one form, in which nothing else can hide.
final class StsQuestion {
  private static final Pattern KEY_ID = Pattern.compile("[A-Z0-9]{16,128}");
  private static final Pattern DATE = Pattern.compile("[0-9]{8}T[0-9]{6}Z");
  private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SESSION_TOKEN = Pattern.compile("[!-~]{1,16384}");
  private static final int DAY_LENGTH = 8;
  private static final String TOKEN_HEADER = "x-amz-security-token";

  private StsQuestion() {}

  /// All but `Host`, by their names in lower case.
  ///
  /// @throws ControlException of kind BAD_PARAMETER if a part has another form
  static Map<String, String> headers(CallerProof proof, PublicKey key, String region) {
    require("access_key_id", KEY_ID, proof.accessKeyId());
    require("date", DATE, proof.date());
    require("signature", SIGNATURE, proof.signature());
    var headers = new LinkedHashMap<>(CallerIdentityCall.headers(proof.challenge(), key));
    headers.put("x-amz-date", proof.date());
    proof
        .sessionToken()
        .map(Secret::reveal)
        .ifPresent(token -> {
          require("session_token", SESSION_TOKEN, token);
          headers.put(TOKEN_HEADER, token);
        });
    headers.put("authorization", authorization(proof, region));
    return headers;
  }

  private static String authorization(CallerProof proof, String region) {
    return "AWS4-HMAC-SHA256 Credential=%s/%s/%s/%s/aws4_request, SignedHeaders=%s, Signature=%s"
        .formatted(
            proof.accessKeyId(),
            proof.date().substring(0, DAY_LENGTH),
            region,
            CallerIdentityCall.SERVICE,
            "accept;content-type;host;x-amz-date;"
                + (proof.sessionToken().isPresent() ? TOKEN_HEADER + ";" : "")
                + CallerIdentityCall.CHALLENGE,
            proof.signature());
  }

  private static void require(String what, Pattern form, String value) {
    if (!form.matcher(value).matches()) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER, "iam." + what + ": is not what AWS's signatures have there");
    }
  }
}
