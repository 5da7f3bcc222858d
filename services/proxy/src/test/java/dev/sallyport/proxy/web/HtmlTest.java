package dev.sallyport.proxy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HtmlTest {
  private static final String HOSTILE = "\"'><script>alert(1)</script>&{}";

  @Test
  void textIsEscapedAndMarkupIsNot() {
    var html = Html.of("<p title=\"{}\">{}{}</p>", HOSTILE, Html.text("<b>"), new Html("<i>"));
    assertThat(html.markup())
        .isEqualTo(
            "<p title=\"&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;{}\">"
                + "&lt;b&gt;<i></p>");
  }

  @Test
  void aTemplateHasAsManyHolesAsParts() {
    assertThatThrownBy(() -> Html.of("{}", 1, 2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Html.of("{}{}", 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noNameBreaksOutOfAPage() {
    assertThat(Page.message(HOSTILE, HOSTILE, HOSTILE))
        .doesNotContain("<script")
        .doesNotContain("\"'>");
  }

  @Test
  void anyTextComesOutWithoutACharacterThatHtmlReads() {
    var random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        text.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0xD000)));
      }
      assertThat(Html.text(text.toString()).markup()).doesNotContain("<", ">", "\"", "'");
    }
  }
}
