package dev.sallyport.control;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/// The one request to AWS that a joining host signs and the Auth Service sends: `POST /` with
/// `Action=GetCallerIdentity`. Both sides make it from here, so nothing of its shape travels.
///
/// Its challenge names the key that is to be certified. So whoever else gets hold of the signature,
/// such as another cluster that the host tried to join, can't use it for a key of their own.
public final class CallerIdentityCall {
  /// The signing name of STS.
  public static final String SERVICE = "sts";

  /// The body.
  public static final String BODY = "Action=GetCallerIdentity&Version=2011-06-15";

  /// The header that binds the request to one join.
  public static final String CHALLENGE = "x-sallyport-challenge";

  private CallerIdentityCall() {}

  /// The headers that are signed besides `host` and those that signing adds, by their names in
  /// lower case.
  ///
  /// @param key that is to be certified
  public static SortedMap<String, String> headers(String challenge, PublicKey key) {
    var headers = new TreeMap<String, String>();
    headers.put("accept", "application/json");
    headers.put("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    headers.put(CHALLENGE, challenge + "." + HexFormat.of().formatHex(sha256(key.getEncoded())));
    return Collections.unmodifiableSortedMap(headers);
  }

  /// The hash of the body.
  public static byte[] bodySha256() {
    return sha256(BODY.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("this Java has no SHA-256", impossible);
    }
  }
}
