package dev.sallyport.agent.session;

import dev.sallyport.net.TlsProvider;

class PassageOverOpenSslTest extends PassageContract {
  PassageOverOpenSslTest() throws Exception {}

  @Override
  TlsProvider provider() {
    return TlsProvider.OPENSSL;
  }
}
