package pickle

import (
	"strings"
	"sync"
)

// python3 gives the name of Python 3 for one of Python 2, which the loader does
// for protocols below 3 (Lib/_compat_pickle.py).
func python3(module, name string) (string, string) {
	if to, ok := renamed(module, name); ok {
		m, n, _ := strings.Cut(to, " ")
		return m, n
	}
	if to := movedModule(module); to != "" {
		module = to
	}
	return module, name
}

func renamed(module, name string) (string, bool) {
	switch module {
	case "exceptions":
		if name == "StandardError" {
			name = "Exception"
		}
		return "builtins " + name, true
	case "__builtin__":
		to, ok := map[string]string{"xrange": "builtins range", "reduce": "functools reduce", "intern": "sys intern", "unichr": "builtins chr",
			"unicode": "builtins str", "long": "builtins int", "basestring": "builtins str"}[name]
		return to, ok
	case "itertools":
		to, ok := map[string]string{"izip": "builtins zip", "imap": "builtins map", "ifilter": "builtins filter",
			"ifilterfalse": "itertools filterfalse", "izip_longest": "itertools zip_longest"}[name]
		return to, ok
	case "urllib":
		to, ok := map[string]string{"ContentTooShortError": "urllib.error", "getproxies": "urllib.request", "pathname2url": "urllib.request",
			"quote_plus": "urllib.parse", "quote": "urllib.parse", "unquote_plus": "urllib.parse", "unquote": "urllib.parse",
			"url2pathname": "urllib.request", "urlcleanup": "urllib.request", "urlencode": "urllib.parse", "urlopen": "urllib.request",
			"urlretrieve": "urllib.request"}[name]
		return to + " " + name, ok
	}
	to, ok := renames()[module+" "+name]
	return to, ok
}

var renames = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"UserDict IterableUserDict": "collections UserDict", "UserDict UserDict": "collections UserDict",
		"UserList UserList": "collections UserList", "UserString UserString": "collections UserString",
		"whichdb whichdb": "dbm whichdb", "_socket fromfd": "socket fromfd", "socket _socketobject": "socket SocketType",
		"_multiprocessing Connection":     "multiprocessing.connection Connection",
		"multiprocessing.process Process": "multiprocessing.context Process",
		"multiprocessing.forking Popen":   "multiprocessing.popen_fork Popen",
		"urllib2 HTTPError":               "urllib.error HTTPError", "urllib2 URLError": "urllib.error URLError",
		"multiprocessing AuthenticationError": "multiprocessing.context AuthenticationError",
		"multiprocessing BufferTooShort":      "multiprocessing.context BufferTooShort",
		"multiprocessing ProcessError":        "multiprocessing.context ProcessError",
		"multiprocessing TimeoutError":        "multiprocessing.context TimeoutError",
	}
})

func movedModule(module string) string { return moves()[module] }

var moves = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"__builtin__": "builtins", "copy_reg": "copyreg", "Queue": "queue", "SocketServer": "socketserver", "ConfigParser": "configparser",
		"repr": "reprlib", "tkFileDialog": "tkinter.filedialog", "tkSimpleDialog": "tkinter.simpledialog", "tkColorChooser": "tkinter.colorchooser",
		"tkCommonDialog": "tkinter.commondialog", "Dialog": "tkinter.dialog", "Tkdnd": "tkinter.dnd", "tkFont": "tkinter.font",
		"tkMessageBox": "tkinter.messagebox", "ScrolledText": "tkinter.scrolledtext", "Tkconstants": "tkinter.constants", "Tix": "tkinter.tix",
		"ttk": "tkinter.ttk", "Tkinter": "tkinter", "markupbase": "_markupbase", "_winreg": "winreg", "thread": "_thread",
		"dummy_thread": "_dummy_thread", "dbhash": "dbm.bsd", "dumbdbm": "dbm.dumb", "dbm": "dbm.ndbm", "gdbm": "dbm.gnu",
		"xmlrpclib": "xmlrpc.client", "SimpleXMLRPCServer": "xmlrpc.server", "httplib": "http.client", "htmlentitydefs": "html.entities",
		"HTMLParser": "html.parser", "Cookie": "http.cookies", "cookielib": "http.cookiejar", "BaseHTTPServer": "http.server",
		"test.test_support": "test.support", "commands": "subprocess", "urlparse": "urllib.parse", "robotparser": "urllib.robotparser",
		"urllib2": "urllib.request", "anydbm": "dbm", "_abcoll": "collections.abc", "cPickle": "pickle", "_elementtree": "xml.etree.ElementTree",
		"FileDialog": "tkinter.filedialog", "SimpleDialog": "tkinter.simpledialog", "DocXMLRPCServer": "xmlrpc.server",
		"SimpleHTTPServer": "http.server", "CGIHTTPServer": "http.server", "UserDict": "collections", "UserList": "collections",
		"UserString": "collections", "whichdb": "dbm", "StringIO": "io", "cStringIO": "io",
	}
})
