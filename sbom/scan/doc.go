// Package scan walks a tree once and lets collectors read it. [Run] gives the
// [sbom.Report] that [sbom.Merge] joins; [Open] opens a folder so that nothing
// outside it can be reached.
//
// Names are filtered before any file is opened. A file that no pattern takes is
// opened once for its first bytes, and goes to the collectors that know them,
// for a name is a hint and bytes decide. In a tree that is far away (a hub), files
// of harmless kinds, such as source text and pictures, are looked into only from
// [SniffText] bytes on. The folders of [Skipped] are not read at all.
//
// Of an environment of Python or conda (a folder with pyvenv.cfg or conda-meta)
// what is installed in it is known by what installers write about it: below the
// folders of [PackageFolders] those files are read, by name, and nothing else is
// opened. A folder of packages without an environment around it is read like any.
//
// A folder is walked under its own name. Links to files inside the root are
// followed, for hub caches are made of them: a file known by its bytes only
// shows under the links' names in place of its own. A link to a folder is
// followed where the folder was not walked already, so that no folder is walked
// twice and no circle is endless. Links that leave the root are never followed.
//
// The report does not depend on the number of workers or on timing.
package scan
