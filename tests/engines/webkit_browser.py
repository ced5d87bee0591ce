"""A browser of one window that keeps what sites store: `/usr/bin/python3 webkit_browser.py FOLDER`.

WebKitWebDriver starts it. Its microphone is WebKit's own pretended one, and every site may use it.
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402


def main(folder: str) -> None:
    kept = WebKit2.WebsiteDataManager(base_data_directory=f"{folder}/data", base_cache_directory=f"{folder}/cache")
    context = WebKit2.WebContext(website_data_manager=kept)
    context.get_cookie_manager().set_persistent_storage(f"{folder}/cookies", WebKit2.CookiePersistentStorage.SQLITE)
    context.set_automation_allowed(True)
    context.connect("automation-started", _begin)
    Gtk.main()


def _begin(context: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
    about = WebKit2.ApplicationInfo()
    about.set_name("WebKitGTK")
    session.set_application_info(about)
    session.connect("create-web-view", lambda _: _view(context))


def _view(context: WebKit2.WebContext) -> WebKit2.WebView:
    settings = WebKit2.Settings(enable_mock_capture_devices=True, enable_media_stream=True)
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True, settings=settings)
    view.connect("permission-request", lambda _, request: request.allow() or True)
    window = Gtk.Window(default_width=500, default_height=900)
    window.add(view)
    view.connect("close", lambda _: window.destroy())
    window.show_all()
    view.grab_focus()
    return view


main(sys.argv[1])
