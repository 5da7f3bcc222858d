package dev.sallyport.agent.session;

import dev.sallyport.net.TlsProvider;

class RevocationOverOpenSslTest extends RevocationContract {
  RevocationOverOpenSslTest() throws Exception {}

  @Override
  TlsProvider provider() {
    return TlsProvider.OPENSSL;
  }
}
