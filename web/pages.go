package web

import (
	"bytes"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"veille/web/access"
)

// frame is what every page has around its own content.
type frame struct {
	Lang  string
	Title string
	// Section is the entry of the menu that is lit.
	Section string
	// Path is where the page is, for the language switch to come back to.
	Path      string
	FormToken string
	Who       access.Identity
	Open      bool
	Condition condition
	Version   string
	words     words
	zone      *time.Location
	at        time.Time
}

// tab is an entry of the menu.
type tab struct {
	Name, Href, Label string
	Here              bool
}

// Tab is the entry of a section.
func (f *frame) Tab(name, href string) tab {
	return tab{name, href, f.T("nav." + name), f.Section == name}
}

// condition is the daemon's state in one look.
type condition struct {
	// Level is "down", "look" or "well".
	Level    string
	Reasons  []string
	Warnings []string
}

// loadPages parses each page together with the layout and the shared parts.
func loadPages(from fs.FS, a *assets) (map[string]*template.Template, error) {
	shared := template.New("").Funcs(template.FuncMap{"asset": a.path, "join": strings.Join, "seg": url.PathEscape})
	shared, err := shared.ParseFS(from, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(from, "templates/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, name := range names {
		page := strings.TrimSuffix(path.Base(name), ".html")
		if page == "layout" || page == "parts" {
			continue
		}
		t, err := shared.Clone()
		if err != nil {
			return nil, err
		}
		if pages[page], err = t.ParseFS(from, name); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

func (s *Server) frame(r *http.Request, section, title string) *frame {
	f := &frame{
		Lang: s.language(r), Section: section, Path: r.URL.RequestURI(), FormToken: s.Guard.FormToken(r),
		Who: access.FromContext(r.Context()), Open: s.Guard.Open(), Version: s.Version, zone: time.UTC, at: time.Now(),
	}
	f.words = s.words[f.Lang]
	if zone, err := time.LoadLocation(s.Desk.Setup().TimeZone); err == nil {
		f.zone = zone
	}
	f.Title = f.T(title)
	if f.Who.Read {
		f.Condition = s.condition()
	}
	return f
}

func (s *Server) condition() condition {
	c := condition{Level: "well", Reasons: s.Status.Reasons(), Warnings: s.Status.Warnings()}
	switch {
	case len(c.Reasons) > 0:
		c.Level = "down"
	case len(c.Warnings) > 0:
		c.Level = "look"
	}
	return c
}

// render answers with a page. It is made whole before a byte is sent: half a
// page under a 200 would look like all there is.
func (s *Server) render(w http.ResponseWriter, code int, page string, data any) {
	var b bytes.Buffer
	if err := s.pages[page].ExecuteTemplate(&b, "layout", data); err != nil {
		s.Log.Error("page not rendered", "page", page, "error", err)
		http.Error(w, "this page could not be made; the log says why", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Accept-Language, Cookie")
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes())
}

// errorView is a page that says what is wrong and what to do.
type errorView struct {
	*frame
	Status int
	What   string
}

// refusePerson answers what the guard refused to a person: strangers are led
// to the login.
func (s *Server) refusePerson(w http.ResponseWriter, r *http.Request, status int, what string) {
	if status == http.StatusUnauthorized && r.Method == http.MethodGet && r.URL.Path != "/login" && r.URL.Path != "/live" && s.Guard.HasPassword() {
		target := "/login"
		if r.URL.Path != "/" {
			target += "?next=" + template.URLQueryEscaper(r.URL.RequestURI())
		}
		http.Redirect(w, r, target, http.StatusSeeOther) //nolint:gosec // the path is ours, what was asked for is escaped behind it
		return
	}
	f := s.frame(r, "", "error.title")
	if text, ok := f.words["error."+strconv.Itoa(status)]; ok && status != http.StatusMisdirectedRequest {
		what = text
	}
	s.render(w, status, "error", errorView{f, status, what})
}

// broken answers where the store could not be read.
func (s *Server) broken(w http.ResponseWriter, r *http.Request, err error) {
	s.Log.Error("page not answered", "path", r.URL.Path, "error", err)
	s.refusePerson(w, r, http.StatusInternalServerError, err.Error())
}

type loginView struct {
	*frame
	Next      string
	Wrong     bool
	Throttled bool
	Password  bool
}

func (s *Server) loginPage(w http.ResponseWriter, r *http.Request) {
	if access.FromContext(r.Context()).Read {
		http.Redirect(w, r, ownPath(r.FormValue("next")), http.StatusSeeOther) //nolint:gosec // ownPath keeps it on this site
		return
	}
	f := s.frame(r, "", "login.title")
	f.Path = ownPath("/login")
	s.render(w, http.StatusOK, "login", loginView{frame: f, Next: ownPath(r.FormValue("next")), Password: s.Guard.HasPassword()})
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	f := s.frame(r, "", "login.title")
	view := loginView{frame: f, Next: ownPath(r.PostFormValue("next")), Password: s.Guard.HasPassword()}
	if !access.FromContext(r.Context()).Session() && !s.Guard.FormHolds(r) {
		s.refusePerson(w, r, http.StatusForbidden, "")
		return
	}
	switch s.Guard.Login(w, r) {
	case access.LoginDone:
		http.Redirect(w, r, view.Next, http.StatusSeeOther)
	case access.LoginThrottled:
		view.Throttled = true
		s.render(w, http.StatusTooManyRequests, "login", view)
	default:
		view.Wrong = true
		s.render(w, http.StatusUnauthorized, "login", view)
	}
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	if !s.Guard.FormHolds(r) {
		s.refusePerson(w, r, http.StatusForbidden, "")
		return
	}
	s.Guard.Logout(w, r)
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}
