package dev.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyFactory;
import java.security.Security;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JavaCryptographyTest {
  private static Map<String, String> providers() {
    var providers = new LinkedHashMap<String, String>();
    for (int i = 1; Security.getProperty("security.provider." + i) != null; i++) {
      providers.put("security.provider." + i, Security.getProperty("security.provider." + i));
    }
    return providers;
  }

  @Test
  void the_providers_that_are_used_keep_their_places_and_the_others_are_left_out()
      throws Exception {
    var before = providers();
    try {
      JavaCryptography.leaveOutUnused();
      assertThat(providers()).hasSameSizeAs(before);
      assertThat(providers().values())
          .startsWith("SUN", "SunRsaSign", "SunEC", "SunJSSE", "SunJCE")
          .doesNotContain("JdkLDAP", "SunPKCS11", "SunPCSC", "XMLDSig");
      assertThat(KeyFactory.getInstance("EC").getProvider().getName()).isEqualTo("SunEC");
    } finally {
      before.forEach(Security::setProperty);
    }
  }
}
