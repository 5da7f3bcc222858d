package dev.sallyport.proxy.browser;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.InviteInfo;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.admission.Rate;
import dev.sallyport.proxy.browser.api.LinkDeviceForm;
import dev.sallyport.proxy.browser.api.LinkForm;
import dev.sallyport.proxy.browser.api.LinkRef;
import java.util.List;
import java.util.regex.Pattern;

/// What lies behind the links that `tctl users add` and `tctl users reset` print. The link's token
/// is the only proof, so it is never logged, and a link of one kind does not open the other's page.
final class LinkOperations {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private final BrowserDesk desk;

  LinkOperations(BrowserDesk desk) {
    this.desk = desk;
  }

  List<Operation<?, ?>> all() {
    return List.of(
        Operation.post(
                "/links/open",
                "Whom a link is for, and what may be registered behind it.",
                LinkRef.class,
                InviteInfo.class,
                (_, link) -> open(link))
            .at(Rate.INVITE),
        Operation.post(
                "/links/device",
                "Begins to register a second factor behind a link.",
                LinkDeviceForm.class,
                Enrollment.class,
                (visit, form) -> {
                  open(form.link());
                  return desk.enroll(
                      form.link().token().reveal(),
                      new EnrollRequest(form.deviceKind(), visit.address()));
                })
            .at(Rate.INVITE),
        Operation.tell(
                "/links/accept",
                "Sets the password and registers the second factor, both or neither. The link ends"
                    + " by it.",
                LinkForm.class,
                (visit, form) -> {
                  open(form.link());
                  desk.setPassword(
                      form.link().token().reveal(),
                      new SetPasswordRequest(form.password(), visit.address(), form.device()));
                })
            .at(Rate.INVITE));
  }

  private InviteInfo open(LinkRef link) {
    if (!TOKEN.matcher(link.token().reveal()).matches()) {
      throw gone();
    }
    var info = desk.invite(link.token().reveal());
    if (!info.kind().equals(link.kind())) {
      throw gone();
    }
    return info;
  }

  private static ControlException gone() {
    return new ControlException(ErrorKind.NOT_FOUND, "this link does not work");
  }
}
