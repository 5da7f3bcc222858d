import { Navigate, Outlet, Route, Routes, useLocation } from "react-router";
import { AppFrame } from "./parts/Frame";
import { Loading } from "./parts/Loading";
import { AccountPage } from "./pages/AccountPage";
import { HomePage } from "./pages/HomePage";
import { LinkPage } from "./pages/LinkPage";
import { LoginPage } from "./pages/LoginPage";
import { NotFoundPage } from "./pages/NotFoundPage";
import { useSession } from "./session";

/** All pages and their addresses. */
export function App() {
  return (
    <Routes>
      <Route path="login" element={<LoginPage />} />
      <Route path="invite/:token" element={<LinkPage kind="invite" />} />
      <Route path="reset/:token" element={<LinkPage kind="reset" />} />
      <Route element={<SignedIn />}>
        <Route index element={<HomePage />} />
        <Route path="account" element={<AccountPage />} />
      </Route>
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}

/** Pages for who is signed in; others are asked to sign in and come back. */
function SignedIn() {
  const { state } = useSession();
  const place = useLocation();
  if (state.is === "unknown") return <Loading what="your session" />;
  if (state.is === "nobody") {
    const here = `/web${place.pathname === "/" ? "" : place.pathname}${place.search}`;
    const back = here === "/web" ? "" : `?redirect_uri=${encodeURIComponent(here)}`;
    return <Navigate to={`/login${back}`} replace />;
  }
  return (
    <AppFrame>
      <Outlet />
    </AppFrame>
  );
}
