package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.fuzz.FuzzTarget;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.authority.SignedContent;
import java.security.cert.X509Certificate;

/** A signed message is read or is none, and is never verified by a key that did not sign it. */
public final class SignedContentTarget implements FuzzTarget {
  private static final String STRANGER =
      """
      -----BEGIN CERTIFICATE-----
      MIIDCTCCAfGgAwIBAgIULHPsml+ZL7PhzsTZtqbabfiUdqIwDQYJKoZIhvcNAQEL
      BQAwEzERMA8GA1UEAwwIc3RyYW5nZXIwIBcNMjYxMTI3MDk1NTI4WhgPMjEyNjEx
      MDMwOTU1MjhaMBMxETAPBgNVBAMMCHN0cmFuZ2VyMIIBIjANBgkqhkiG9w0BAQEF
      AAOCAQ8AMIIBCgKCAQEA1oMzMrz4n3xgJPivpQiLSvk6IFfkKQR51064WUmaJ014
      BNriufKvPk1/bxs9RS+NvySUL6ScX237WUwHbrVNUnC5iieOm60umj4fsJG8hmxE
      +kgg2qRECFD3Z+9P8mYE1N5f13DBawye9OCD94uiRDBh9sl8LCipLC7OLN/WI6Zf
      HB47u5DCNfpEMo0e1bLhu8sHDernqZcS5l5+Tvy4WVpgXNDs+wkNCfIaqCRvAa4r
      VHDS5k/4Mg/X9afDNB2S092q1myLTjyQsMgXW58sCtQ+BifeA64ISndyjpLPkmsL
      1h5GNaDJCu58mL/zN6Ob+5994NhBfQE7Z2Z3d5rxqwIDAQABo1MwUTAdBgNVHQ4E
      FgQUXI7eFOyQbKYxBggkvu+v67iOtkwwHwYDVR0jBBgwFoAUXI7eFOyQbKYxBggk
      vu+v67iOtkwwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEA0CUv
      osMn+RZeX7nzoSsOQl0Runwa3YiH8v/AJRs9Yf1EOw7bp6mzXhw6NfIWkTaMzZWT
      aY3Su4ub+Ej0BLLaX2imHmgVAP5OlZbEXf+9SMH/zYsb2tMlaDi1CKw4YbD8vNW8
      sUb1qXI1RA24o4WQAMEWHQ/mmx9zjedleDjBXi4iSmizAytEKvlYH16vLko4yaoP
      kjpft2azkd3VYL8TsG4oAx7XQqolRLI0Uc1fMyRTLKK3SuuiKNE4qCV4vZBNku8V
      SWz3Ctr687lX3EwAwUZ8k/DVYQUjrEOIj4w1lzOjHjEpJL2EEwmXmDDm/iX1rflr
      xx970FGA8pBKpQV34A==
      -----END CERTIFICATE-----
      """;

  private final X509Certificate stranger;

  /** Reads the stranger's certificate. */
  public SignedContentTarget() {
    try {
      stranger = Pem.certificate(STRANGER);
    } catch (PemException e) {
      throw new IllegalStateException("the certificate can't be read", e);
    }
  }

  @Override
  public boolean takes(byte[] input) {
    var message = SignedContent.parse(input);
    message.ifPresent(one -> {
      assertThat(one.unverified()).isNotNull();
      assertThat(one.verified(stranger)).isEmpty();
    });
    return message.isPresent();
  }
}
