<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>Banner</name>
        <message>
            <source>Dismiss</source>
            <translation>Ausblenden</translation>
        </message>
    </context>
    <context>
        <name>BugReporter</name>
        <message>
            <source>Something went wrong inside Semblance.</source>
            <translation>In Semblance ist etwas schiefgegangen.</translation>
        </message>
        <message>
            <source>Your files are untouched and you can go on. The log is in {file}.</source>
            <translation>Deine Dateien sind unberührt, und du kannst weitermachen. Das Protokoll steht in {file}.</translation>
        </message>
        <message>
            <source>Copy details</source>
            <translation>Einzelheiten kopieren</translation>
        </message>
    </context>
    <context>
        <name>Chip</name>
        <message>
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>Remove {name}</source>
            <translation>{name} entfernen</translation>
        </message>
        <message>
            <source>picture</source>
            <translation>Bild</translation>
        </message>
    </context>
    <context>
        <name>Chips</name>
        <message>
            <source>Photos</source>
            <translation>Fotos</translation>
        </message>
        <message>
            <source>Documents</source>
            <translation>Dokumente</translation>
        </message>
        <message>
            <source>From {day}</source>
            <translation>Ab {day}</translation>
        </message>
        <message>
            <source>Before {day}</source>
            <translation>Vor {day}</translation>
        </message>
    </context>
    <context>
        <name>Closing</name>
        <message>
            <source>Keep watching your folders?</source>
            <translation>Weiter auf deine Ordner achten?</translation>
        </message>
        <message>
            <source>Semblance can stay in the tray and notice new files, or end now and catch up the next time.</source>
            <translation>Semblance kann im Benachrichtigungsfeld bleiben und neue Dateien bemerken oder jetzt enden und beim nächsten Mal aufholen.</translation>
        </message>
        <message>
            <source>Stay in the tray</source>
            <translation>Im Benachrichtigungsfeld bleiben</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Beenden</translation>
        </message>
        <message>
            <source>Remember my choice</source>
            <translation>Meine Wahl merken</translation>
        </message>
        <message>
            <source>Semblance stops watching when its window is closed.</source>
            <translation>Semblance achtet nicht mehr auf deine Ordner, wenn sein Fenster zu ist.</translation>
        </message>
        <message>
            <source>This desktop has no tray to stay in. New files are found the next time Semblance starts.</source>
            <translation>Dieser Desktop hat kein Benachrichtigungsfeld. Neue Dateien werden beim nächsten Start gefunden.</translation>
        </message>
    </context>
    <context>
        <name>Counted</name>
        <message numerus="yes">
            <source>%Ln photo(s)</source>
            <translation>
                <numerusform>%Ln Foto</numerusform>
                <numerusform>%Ln Fotos</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln document(s)</source>
            <translation>
                <numerusform>%Ln Dokument</numerusform>
                <numerusform>%Ln Dokumente</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln minute(s) left</source>
            <translation>
                <numerusform>noch %Ln Minute</numerusform>
                <numerusform>noch %Ln Minuten</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln hour(s) left</source>
            <translation>
                <numerusform>noch %Ln Stunde</numerusform>
                <numerusform>noch %Ln Stunden</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) failed; each says why and what to do.</source>
            <translation>
                <numerusform>%Ln Datei war nicht lesbar; bei ihr steht, warum, und was zu tun ist.</numerusform>
                <numerusform>%Ln Dateien waren nicht lesbar; bei jeder steht, warum, und was zu tun ist.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln weaker result(s) may be of use.</source>
            <translation>
                <numerusform>%Ln schwächerer Treffer könnte nützen.</numerusform>
                <numerusform>%Ln schwächere Treffer könnten nützen.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>DatesDialog</name>
        <message>
            <source>Dates</source>
            <translation>Zeitraum</translation>
        </message>
        <message>
            <source>From</source>
            <translation>Von</translation>
        </message>
        <message>
            <source>To</source>
            <translation>Bis</translation>
        </message>
    </context>
    <context>
        <name>Details</name>
        <message>
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>Taken</source>
            <translation>Aufgenommen</translation>
        </message>
        <message>
            <source>Changed</source>
            <translation>Geändert</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Kamera</translation>
        </message>
        <message>
            <source>Place</source>
            <translation>Ort</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Page</source>
            <translation>Seite</translation>
        </message>
        <message>
            <source>page {page}</source>
            <translation>Seite {page}</translation>
        </message>
        <message>
            <source>N</source>
            <translation>N</translation>
        </message>
        <message>
            <source>S</source>
            <translation>S</translation>
        </message>
        <message>
            <source>E</source>
            <translation>O</translation>
        </message>
        <message>
            <source>W</source>
            <translation>W</translation>
        </message>
        <message>
            <source>Its words</source>
            <translation>Sein Wortlaut</translation>
        </message>
        <message>
            <source>What it shows</source>
            <translation>Was es zeigt</translation>
        </message>
        <message>
            <source>How a page looks</source>
            <translation>Wie eine Seite aussieht</translation>
        </message>
        <message>
            <source>A passage about it</source>
            <translation>Eine Stelle, die davon handelt</translation>
        </message>
        <message>
            <source>A tag</source>
            <translation>Ein Schlagwort</translation>
        </message>
        <message>
            <source>Its name</source>
            <translation>Sein Name</translation>
        </message>
        <message>
            <source>Choose a file to see what is known of it.</source>
            <translation>Wähle eine Datei, um zu sehen, was über sie bekannt ist.</translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) chosen</source>
            <translation>
                <numerusform>%Ln Datei gewählt</numerusform>
                <numerusform>%Ln Dateien gewählt</numerusform>
            </translation>
        </message>
        <message>
            <source>{size} together</source>
            <translation>{size} zusammen</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>Its drive is not connected.</source>
            <translation>Ihr Laufwerk ist nicht verbunden.</translation>
        </message>
        <message>
            <source>Why it was found</source>
            <translation>Warum gefunden</translation>
        </message>
        <message>
            <source>Tags</source>
            <translation>Schlagwörter</translation>
        </message>
        <message>
            <source>Add a tag</source>
            <translation>Schlagwort hinzufügen</translation>
        </message>
        <message>
            <source>Dashed tags are proposals: click one to confirm it, right click or Delete to reject it.</source>
            <translation>Gestrichelte Schlagwörter sind Vorschläge: Ein Klick bestätigt, Rechtsklick oder Entf verwirft.</translation>
        </message>
        <message>
            <source>Proposed tag {tag}: confirm</source>
            <translation>Vorgeschlagenes Schlagwort {tag}: bestätigen</translation>
        </message>
        <message>
            <source>Tag {tag}: show all</source>
            <translation>Schlagwort {tag}: alle zeigen</translation>
        </message>
        <message>
            <source>Click to see all; right click to remove</source>
            <translation>Klick zeigt alle, Rechtsklick entfernt</translation>
        </message>
    </context>
    <context>
        <name>DropVeil</name>
        <message>
            <source>Drop a picture to search with it</source>
            <translation>Bild loslassen, um damit zu suchen</translation>
        </message>
    </context>
    <context>
        <name>Empty</name>
        <message>
            <source>No folder yet</source>
            <translation>Noch kein Ordner</translation>
        </message>
        <message>
            <source>Tell Semblance where your photos and documents are. They stay where they are, unchanged.</source>
            <translation>Sag Semblance, wo deine Fotos und Dokumente liegen. Sie bleiben dort, unverändert.</translation>
        </message>
        <message>
            <source>Choose folders</source>
            <translation>Ordner wählen</translation>
        </message>
        <message>
            <source>The drive is not connected</source>
            <translation>Das Laufwerk ist nicht verbunden</translation>
        </message>
        <message>
            <source>{folder} cannot be reached. Connect its drive, and its files are shown again.</source>
            <translation>{folder} ist nicht erreichbar. Verbinde das Laufwerk, dann erscheinen seine Dateien wieder.</translation>
        </message>
        <message>
            <source>Show folders</source>
            <translation>Ordner zeigen</translation>
        </message>
        <message>
            <source>Nothing here</source>
            <translation>Hier ist nichts</translation>
        </message>
        <message>
            <source>No file passes these filters.</source>
            <translation>Keine Datei passt zu diesen Filtern.</translation>
        </message>
        <message>
            <source>Remove the filters</source>
            <translation>Filter entfernen</translation>
        </message>
        <message>
            <source>One moment</source>
            <translation>Einen Augenblick</translation>
        </message>
        <message>
            <source>No file has these words. The model is being loaded; what fits by meaning follows.</source>
            <translation>Keine Datei enthält diese Wörter. Das Modell wird geladen; was der Bedeutung nach passt, folgt gleich.</translation>
        </message>
        <message>
            <source>A model is needed first</source>
            <translation>Zuerst wird ein Modell gebraucht</translation>
        </message>
        <message>
            <source>It is what understands pictures and words. Fetch one once; then your files are indexed.</source>
            <translation>Es versteht Bilder und Wörter. Lade einmal eines; dann werden deine Dateien erfasst.</translation>
        </message>
        <message>
            <source>Choose a model</source>
            <translation>Modell wählen</translation>
        </message>
        <message>
            <source>No file could be read</source>
            <translation>Keine Datei war lesbar</translation>
        </message>
        <message>
            <source>Show what failed</source>
            <translation>Zeigen, was nicht ging</translation>
        </message>
        <message>
            <source>Nothing indexed yet</source>
            <translation>Noch nichts erfasst</translation>
        </message>
        <message>
            <source>Your folders hold no photos or documents that Semblance can read, or they have not been looked at yet.</source>
            <translation>Deine Ordner enthalten keine Fotos oder Dokumente, die Semblance lesen kann, oder sie wurden noch nicht durchgesehen.</translation>
        </message>
        <message>
            <source>{done} of {total} files are indexed. Results appear as they come.</source>
            <translation>{done} von {total} Dateien sind erfasst. Treffer erscheinen nach und nach.</translation>
        </message>
        <message>
            <source>The model is made ready for this computer; the first time this takes a minute or two.</source>
            <translation>Das Modell wird für diesen Rechner vorbereitet; beim ersten Mal dauert das ein bis zwei Minuten.</translation>
        </message>
        <message>
            <source>Looking through your folders. Results appear as they come.</source>
            <translation>Deine Ordner werden durchgesehen. Treffer erscheinen nach und nach.</translation>
        </message>
        <message>
            <source>Getting to know your files</source>
            <translation>Deine Dateien werden kennengelernt</translation>
        </message>
        <message>
            <source>Show progress</source>
            <translation>Fortschritt zeigen</translation>
        </message>
        <message>
            <source>Fewer filters may help.</source>
            <translation>Weniger Filter könnten helfen.</translation>
        </message>
        <message>
            <source>Only {done} of {total} files are indexed so far.</source>
            <translation>Bisher sind erst {done} von {total} Dateien erfasst.</translation>
        </message>
        <message>
            <source>Try other words for it, or describe what the picture shows, or drop a similar picture.</source>
            <translation>Versuch andere Wörter, beschreib, was das Bild zeigt, oder zieh ein ähnliches Bild herein.</translation>
        </message>
        <message>
            <source>Show weaker results</source>
            <translation>Schwächere Treffer zeigen</translation>
        </message>
        <message>
            <source>Nothing found</source>
            <translation>Nichts gefunden</translation>
        </message>
    </context>
    <context>
        <name>Failures</name>
        <message>
            <source>Could not be read</source>
            <translation>Nicht lesbar</translation>
        </message>
        <message numerus="yes">
            <source>and %Ln more</source>
            <translation>
                <numerusform>und %Ln weitere</numerusform>
                <numerusform>und %Ln weitere</numerusform>
            </translation>
        </message>
        <message>
            <source>Try all again</source>
            <translation>Alle noch einmal versuchen</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Noch einmal</translation>
        </message>
        <message>
            <source>Try {name} again</source>
            <translation>{name} noch einmal versuchen</translation>
        </message>
    </context>
    <context>
        <name>FileActions</name>
        <message>
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Enter</source>
            <translation>Eingabe</translation>
        </message>
        <message>
            <source>Preview</source>
            <translation>Vorschau</translation>
        </message>
        <message>
            <source>Space</source>
            <translation>Leertaste</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <translation>Im Ordner zeigen</translation>
        </message>
        <message>
            <source>More like this</source>
            <translation>Mehr davon</translation>
        </message>
        <message>
            <source>Add to the search</source>
            <translation>Zur Suche hinzufügen</translation>
        </message>
        <message>
            <source>Search without this</source>
            <translation>Ohne dieses suchen</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Copy path</source>
            <translation>Pfad kopieren</translation>
        </message>
        <message>
            <source>Tag…</source>
            <translation>Schlagwort …</translation>
        </message>
        <message>
            <source>Move to wastebasket…</source>
            <translation>In den Papierkorb …</translation>
        </message>
        <message>
            <source>Del</source>
            <translation>Entf</translation>
        </message>
        <message>
            <source>No program could open {name}.</source>
            <translation>Kein Programm konnte {name} öffnen.</translation>
        </message>
        <message>
            <source>Choose one for this kind of file in the settings of your desktop.</source>
            <translation>Wähle in den Einstellungen deines Desktops eines für diese Art von Datei.</translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) copied</source>
            <translation>
                <numerusform>%Ln Datei kopiert</numerusform>
                <numerusform>%Ln Dateien kopiert</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln path(s) copied</source>
            <translation>
                <numerusform>%Ln Pfad kopiert</numerusform>
                <numerusform>%Ln Pfade kopiert</numerusform>
            </translation>
        </message>
        <message>
            <source>Tag</source>
            <translation>Schlagwort</translation>
        </message>
        <message numerus="yes">
            <source>Tag for %Ln file(s):</source>
            <translation>
                <numerusform>Schlagwort für %Ln Datei:</numerusform>
                <numerusform>Schlagwort für %Ln Dateien:</numerusform>
            </translation>
        </message>
        <message>
            <source>Move “{name}” to the wastebasket?</source>
            <translation>„{name}“ in den Papierkorb legen?</translation>
        </message>
        <message numerus="yes">
            <source>Move %Ln file(s) to the wastebasket?</source>
            <translation>
                <numerusform>%Ln Datei in den Papierkorb legen?</numerusform>
                <numerusform>%Ln Dateien in den Papierkorb legen?</numerusform>
            </translation>
        </message>
        <message>
            <source>You can take them back from the wastebasket of your desktop.</source>
            <translation>Aus dem Papierkorb deines Desktops kannst du alles zurückholen.</translation>
        </message>
        <message>
            <source>Move to wastebasket</source>
            <translation>In den Papierkorb</translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) moved to the wastebasket</source>
            <translation>
                <numerusform>%Ln Datei in den Papierkorb gelegt</numerusform>
                <numerusform>%Ln Dateien in den Papierkorb gelegt</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>FilterMenu</name>
        <message>
            <source>Kind</source>
            <translation>Art</translation>
        </message>
        <message>
            <source>Everything</source>
            <translation>Alles</translation>
        </message>
        <message>
            <source>Photos</source>
            <translation>Fotos</translation>
        </message>
        <message>
            <source>Documents</source>
            <translation>Dokumente</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Kamera</translation>
        </message>
        <message>
            <source>Place…</source>
            <translation>Ort …</translation>
        </message>
        <message>
            <source>Tag</source>
            <translation>Schlagwort</translation>
        </message>
        <message>
            <source>Remove all filters</source>
            <translation>Alle Filter entfernen</translation>
        </message>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>Heute</translation>
        </message>
        <message>
            <source>Last 7 days</source>
            <translation>Letzte 7 Tage</translation>
        </message>
        <message>
            <source>Last 30 days</source>
            <translation>Letzte 30 Tage</translation>
        </message>
        <message>
            <source>Last 12 months</source>
            <translation>Letzte 12 Monate</translation>
        </message>
        <message>
            <source>From … to …</source>
            <translation>Von … bis …</translation>
        </message>
    </context>
    <context>
        <name>FirstRun</name>
        <message>
            <source>more than {counts}</source>
            <translation>mehr als {counts}</translation>
        </message>
        <message>
            <source>Find your files by what they mean</source>
            <translation>Finde Dateien nach ihrer Bedeutung</translation>
        </message>
        <message>
            <source>Type “dog on a beach”, or drop a picture. Semblance looks at what your files show and say, not only at their names.</source>
            <translation>Tippe „Hund am Strand“ oder zieh ein Bild herein. Semblance sieht an, was deine Dateien zeigen und sagen, nicht nur, wie sie heißen.</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Los</translation>
        </message>
        <message>
            <source>Everything stays on this computer</source>
            <translation>Alles bleibt auf diesem Rechner</translation>
        </message>
        <message>
            <source>Your files are only read, never changed or moved, and nothing leaves this computer. The network is used for one thing, fetching a model, and only when you say so.</source>
            <translation>Deine Dateien werden nur gelesen, nie geändert oder verschoben, und nichts verlässt diesen Rechner. Das Netz dient nur einem, dem Laden eines Modells, und nur, wenn du es sagst.</translation>
        </message>
        <message>
            <source>Where shall Semblance look?</source>
            <translation>Wo soll Semblance suchen?</translation>
        </message>
        <message>
            <source>No folder yet: add one that holds photos or documents.</source>
            <translation>Noch kein Ordner: Füge einen mit Fotos oder Dokumenten hinzu.</translation>
        </message>
        <message>
            <source>Add folder…</source>
            <translation>Ordner hinzufügen …</translation>
        </message>
        <message>
            <source>Which model?</source>
            <translation>Welches Modell?</translation>
        </message>
        <message>
            <source>The starter works at once. A better one can be fetched now or later; searching goes on meanwhile.</source>
            <translation>Das Startmodell geht sofort. Ein besseres lässt sich jetzt oder später laden; gesucht werden kann währenddessen.</translation>
        </message>
        <message>
            <source>counting…</source>
            <translation>wird gezählt …</translation>
        </message>
        <message>
            <source>Start without folders</source>
            <translation>Ohne Ordner beginnen</translation>
        </message>
        <message>
            <source>Add folder</source>
            <translation>Ordner hinzufügen</translation>
        </message>
    </context>
    <context>
        <name>FoldersPage</name>
        <message>
            <source>Folders and indexing</source>
            <translation>Ordner und Erfassung</translation>
        </message>
        <message>
            <source>Add folder…</source>
            <translation>Ordner hinzufügen …</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>Index</source>
            <translation>Index</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Look for changes</source>
            <translation>Nach Änderungen sehen</translation>
        </message>
        <message>
            <source>Indexing progress</source>
            <translation>Fortschritt der Erfassung</translation>
        </message>
        <message>
            <source>For an hour</source>
            <translation>Für eine Stunde</translation>
        </message>
        <message>
            <source>Until resumed</source>
            <translation>Bis auf Weiteres</translation>
        </message>
        <message>
            <source>Look for changes in {name}</source>
            <translation>In {name} nach Änderungen sehen</translation>
        </message>
        <message>
            <source>Remove {name} from the search</source>
            <translation>{name} aus der Suche nehmen</translation>
        </message>
        <message>
            <source>Waiting</source>
            <translation>Wartet</translation>
        </message>
        <message>
            <source>Not connected</source>
            <translation>Nicht verbunden</translation>
        </message>
        <message numerus="yes">
            <source>%Ln to do</source>
            <translation>
                <numerusform>%Ln offen</numerusform>
                <numerusform>%Ln offen</numerusform>
            </translation>
        </message>
        <message>
            <source>Nothing yet</source>
            <translation>Noch nichts</translation>
        </message>
        <message>
            <source>Add folder</source>
            <translation>Ordner hinzufügen</translation>
        </message>
        <message>
            <source>Stop searching in “{name}”?</source>
            <translation>Nicht mehr in „{name}“ suchen?</translation>
        </message>
        <message>
            <source>Its files stay where they are. They are only taken out of the index.</source>
            <translation>Seine Dateien bleiben, wo sie sind. Sie werden nur aus dem Index genommen.</translation>
        </message>
        <message>
            <source>Remove from the search</source>
            <translation>Aus der Suche nehmen</translation>
        </message>
        <message>
            <source>Settings…</source>
            <translation>Einstellungen …</translation>
        </message>
        <message>
            <source>Rebuild…</source>
            <translation>Neu aufbauen …</translation>
        </message>
        <message>
            <source>{size} on disk. It is a cache: it can be built anew at any time.</source>
            <translation>{size} auf der Platte. Der Index ist ein Zwischenspeicher und lässt sich jederzeit neu aufbauen.</translation>
        </message>
        <message>
            <source>Build the index anew?</source>
            <translation>Den Index neu aufbauen?</translation>
        </message>
        <message>
            <source>Every file is read again; searching goes on with the present index. Your tags are kept.</source>
            <translation>Jede Datei wird neu gelesen; gesucht wird derweil im jetzigen Index. Deine Schlagwörter bleiben.</translation>
        </message>
        <message>
            <source>Rebuild</source>
            <translation>Neu aufbauen</translation>
        </message>
    </context>
    <context>
        <name>Grid</name>
        <message>
            <source>Results</source>
            <translation>Treffer</translation>
        </message>
    </context>
    <context>
        <name>Header</name>
        <message>
            <source>Strictness</source>
            <translation>Strenge</translation>
        </message>
        <message>
            <source>Thumbnail size</source>
            <translation>Größe der Vorschaubilder</translation>
        </message>
        <message>
            <source>Details (Ctrl+I)</source>
            <translation>Einzelheiten (Strg+I)</translation>
        </message>
        <message numerus="yes">
            <source>%Ln result(s)</source>
            <translation>
                <numerusform>%Ln Treffer</numerusform>
                <numerusform>%Ln Treffer</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s)</source>
            <translation>
                <numerusform>%Ln Datei</numerusform>
                <numerusform>%Ln Dateien</numerusform>
            </translation>
        </message>
        <message>
            <source>Order: {order}</source>
            <translation>Reihenfolge: {order}</translation>
        </message>
        <message numerus="yes">
            <source>+%Ln weaker</source>
            <translation>
                <numerusform>+%Ln schwächerer</numerusform>
                <numerusform>+%Ln schwächere</numerusform>
            </translation>
        </message>
        <message>
            <source>Results</source>
            <translation>Treffer</translation>
        </message>
        <message>
            <source>Everything</source>
            <translation>Alles</translation>
        </message>
        <message>
            <source>Photos</source>
            <translation>Fotos</translation>
        </message>
        <message>
            <source>Documents</source>
            <translation>Dokumente</translation>
        </message>
        <message>
            <source>How sure must a result be?</source>
            <translation>Wie sicher muss ein Treffer sein?</translation>
        </message>
        <message>
            <source>Show more</source>
            <translation>Mehr zeigen</translation>
        </message>
        <message>
            <source>Only the surest</source>
            <translation>Nur die sichersten</translation>
        </message>
        <message>
            <source>Best first</source>
            <translation>Beste zuerst</translation>
        </message>
        <message>
            <source>Newest first</source>
            <translation>Neueste zuerst</translation>
        </message>
        <message>
            <source>Oldest first</source>
            <translation>Älteste zuerst</translation>
        </message>
        <message>
            <source>By name</source>
            <translation>Nach Namen</translation>
        </message>
    </context>
    <context>
        <name>IndexerNews</name>
        <message>
            <source>The new model is ready; your files are indexed with it now.</source>
            <translation>Das neue Modell ist bereit; deine Dateien werden jetzt damit erfasst.</translation>
        </message>
        <message>
            <source>{what} It is started again; searching goes on meanwhile.</source>
            <translation>{what} Er wird neu gestartet; gesucht werden kann währenddessen.</translation>
        </message>
    </context>
    <context>
        <name>IndexerProcess</name>
        <message>
            <source>The indexer could not be started.</source>
            <translation>Der Erfasser ließ sich nicht starten.</translation>
        </message>
        <message>
            <source>The indexer stopped unexpectedly.</source>
            <translation>Der Erfasser ist unerwartet stehen geblieben.</translation>
        </message>
    </context>
    <context>
        <name>Intake</name>
        <message>
            <source>“{name}” is not a picture. Drop a picture to search with it, or a folder to add it.</source>
            <translation>„{name}“ ist kein Bild. Zieh ein Bild herein, um damit zu suchen, oder einen Ordner, um ihn hinzuzufügen.</translation>
        </message>
        <message>
            <source>There was no picture in what was dropped or pasted.</source>
            <translation>In dem, was kam, war kein Bild.</translation>
        </message>
        <message>
            <source>The picture could not be read ({why}).</source>
            <translation>Das Bild war nicht lesbar ({why}).</translation>
        </message>
        <message>
            <source>Search with a picture</source>
            <translation>Mit einem Bild suchen</translation>
        </message>
        <message>
            <source>Pictures ({list})</source>
            <translation>Bilder ({list})</translation>
        </message>
        <message>
            <source>This folder is already being searched.</source>
            <translation>In diesem Ordner wird schon gesucht.</translation>
        </message>
        <message>
            <source>Search in {names} from now on?</source>
            <translation>Von jetzt an in {names} suchen?</translation>
        </message>
        <message>
            <source>Its files stay where they are, unchanged.</source>
            <translation>Seine Dateien bleiben, wo sie sind, unverändert.</translation>
        </message>
        <message>
            <source>Folder added; indexing begins.</source>
            <translation>Ordner hinzugefügt; die Erfassung beginnt.</translation>
        </message>
        <message>
            <source>This picture is on the web ({host}). Semblance fetches nothing by itself.</source>
            <translation>Dieses Bild liegt im Netz ({host}). Semblance lädt von sich aus nichts.</translation>
        </message>
        <message>
            <source>Fetch it this once</source>
            <translation>Dieses eine laden</translation>
        </message>
    </context>
    <context>
        <name>LibraryPage</name>
        <message>
            <source>Searching by words only so far: the model is not loaded yet.</source>
            <translation>Bisher nur nach Wörtern gesucht: Das Modell ist noch nicht geladen.</translation>
        </message>
        <message>
            <source>The library cannot be shown</source>
            <translation>Die Bibliothek lässt sich nicht zeigen</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Noch einmal</translation>
        </message>
    </context>
    <context>
        <name>ModelFetch</name>
        <message>
            <source>The download was stopped.</source>
            <translation>Das Laden wurde angehalten.</translation>
        </message>
        <message>
            <source>It goes on where it was next time.</source>
            <translation>Beim nächsten Mal geht es dort weiter.</translation>
        </message>
        <message>
            <source>Preparing the model stopped unexpectedly.</source>
            <translation>Das Vorbereiten des Modells ist unerwartet stehen geblieben.</translation>
        </message>
        <message>
            <source>Try again; the log says more.</source>
            <translation>Versuch es noch einmal; mehr steht im Protokoll.</translation>
        </message>
    </context>
    <context>
        <name>ModelList</name>
        <message>
            <source>Looking what there is…</source>
            <translation>Sieht nach, was es gibt …</translation>
        </message>
        <message>
            <source>Download progress</source>
            <translation>Fortschritt des Ladens</translation>
        </message>
        <message>
            <source>Starting…</source>
            <translation>Beginnt …</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>In use</source>
            <translation>In Gebrauch</translation>
        </message>
        <message>
            <source>Use</source>
            <translation>Verwenden</translation>
        </message>
        <message>
            <source>Download…</source>
            <translation>Laden …</translation>
        </message>
        <message>
            <source>Download {name} ({size})?</source>
            <translation>{name} laden ({size})?</translation>
        </message>
        <message>
            <source>It comes from the model hub under the licence {licence}. Nothing of yours is sent. Searching goes on with the present model until the new index is complete.</source>
            <translation>Es kommt vom Modellverzeichnis unter der Lizenz {licence}. Von dir wird nichts gesendet. Gesucht wird mit dem jetzigen Modell, bis der neue Index fertig ist.</translation>
        </message>
        <message>
            <source>Download</source>
            <translation>Laden</translation>
        </message>
    </context>
    <context>
        <name>Models</name>
        <message>
            <source>Starter</source>
            <translation>Startmodell</translation>
        </message>
        <message>
            <source>Ships with Semblance and works at once.</source>
            <translation>Kommt mit Semblance und geht sofort.</translation>
        </message>
    </context>
    <context>
        <name>Palette</name>
        <message>
            <source>Search</source>
            <translation>Suchen</translation>
        </message>
        <message>
            <source>Find photos and documents</source>
            <translation>Fotos und Dokumente finden</translation>
        </message>
        <message>
            <source>Results</source>
            <translation>Treffer</translation>
        </message>
        <message>
            <source>Enter opens · Ctrl+Enter shows all in the window · Esc closes</source>
            <translation>Eingabe öffnet · Strg+Eingabe zeigt alle im Fenster · Esc schließt</translation>
        </message>
    </context>
    <context>
        <name>PartChip</name>
        <message>
            <source>Click to weigh, double click to edit</source>
            <translation>Klick gewichtet, Doppelklick bearbeitet</translation>
        </message>
        <message>
            <source>Weight</source>
            <translation>Gewicht</translation>
        </message>
        <message>
            <source>Look for it</source>
            <translation>Danach suchen</translation>
        </message>
        <message>
            <source>Without it</source>
            <translation>Ohne das</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
    </context>
    <context>
        <name>PlaceDialog</name>
        <message>
            <source>Place</source>
            <translation>Ort</translation>
        </message>
        <message>
            <source>Latitude (°, north is positive)</source>
            <translation>Breite (°, Nord ist positiv)</translation>
        </message>
        <message>
            <source>Longitude (°, east is positive)</source>
            <translation>Länge (°, Ost ist positiv)</translation>
        </message>
        <message>
            <source>Within (km)</source>
            <translation>Umkreis (km)</translation>
        </message>
    </context>
    <context>
        <name>Preview</name>
        <message>
            <source>Preview</source>
            <translation>Vorschau</translation>
        </message>
        <message>
            <source>Search for this piece</source>
            <translation>Diesen Ausschnitt suchen</translation>
        </message>
        <message>
            <source>Cut out a piece to search for (C)</source>
            <translation>Ausschnitt zum Suchen wählen (C)</translation>
        </message>
        <message>
            <source>Smaller (-)</source>
            <translation>Kleiner (-)</translation>
        </message>
        <message>
            <source>Fit (0)</source>
            <translation>Einpassen (0)</translation>
        </message>
        <message>
            <source>Larger (+)</source>
            <translation>Größer (+)</translation>
        </message>
        <message>
            <source>Open (Enter)</source>
            <translation>Öffnen (Eingabe)</translation>
        </message>
        <message>
            <source>Close (Esc)</source>
            <translation>Schließen (Esc)</translation>
        </message>
        <message>
            <source>Previous (left arrow)</source>
            <translation>Voriges (Pfeil links)</translation>
        </message>
        <message>
            <source>Next (right arrow)</source>
            <translation>Nächstes (Pfeil rechts)</translation>
        </message>
        <message>
            <source>Previous page (Page Up)</source>
            <translation>Vorige Seite (Bild auf)</translation>
        </message>
        <message>
            <source>Next page (Page Down)</source>
            <translation>Nächste Seite (Bild ab)</translation>
        </message>
        <message>
            <source>{row} of {total}</source>
            <translation>{row} von {total}</translation>
        </message>
        <message>
            <source>Page {page} of {pages}</source>
            <translation>Seite {page} von {pages}</translation>
        </message>
        <message>
            <source>The original cannot be shown.</source>
            <translation>Das Original lässt sich nicht zeigen.</translation>
        </message>
    </context>
    <context>
        <name>Program</name>
        <message>
            <source>There is no model yet: searching looks at words only.</source>
            <translation>Es gibt noch kein Modell: Gesucht wird nur nach Wörtern.</translation>
        </message>
        <message>
            <source>Choose a model</source>
            <translation>Modell wählen</translation>
        </message>
    </context>
    <context>
        <name>ProposalsModel</name>
        <message>
            <source>{name}: {label}, {certainty} % sure</source>
            <translation>{name}: {label}, zu {certainty} % sicher</translation>
        </message>
    </context>
    <context>
        <name>Results</name>
        <message>
            <source>Photo</source>
            <translation>Foto</translation>
        </message>
        <message>
            <source>Document</source>
            <translation>Dokument</translation>
        </message>
        <message>
            <source>page {page}</source>
            <translation>Seite {page}</translation>
        </message>
        <message>
            <source>a maybe</source>
            <translation>vielleicht</translation>
        </message>
        <message>
            <source>its drive is not connected</source>
            <translation>das Laufwerk ist nicht verbunden</translation>
        </message>
        <message>
            <source>Strong matches</source>
            <translation>Klare Treffer</translation>
        </message>
        <message>
            <source>Maybe</source>
            <translation>Vielleicht</translation>
        </message>
        <message>
            <source>Loading</source>
            <translation>Lädt</translation>
        </message>
    </context>
    <context>
        <name>SavedSearches</name>
        <message>
            <source>Save this search</source>
            <translation>Diese Suche merken</translation>
        </message>
        <message>
            <source>Name:</source>
            <translation>Name:</translation>
        </message>
        <message>
            <source>My search</source>
            <translation>Meine Suche</translation>
        </message>
    </context>
    <context>
        <name>SearchBar</name>
        <message>
            <source>Search</source>
            <translation>Suchen</translation>
        </message>
        <message>
            <source>Search by meaning, or drop a picture</source>
            <translation>Nach Bedeutung suchen, oder ein Bild hereinziehen</translation>
        </message>
        <message>
            <source>Recent searches</source>
            <translation>Letzte Suchen</translation>
        </message>
        <message>
            <source>Clear the search</source>
            <translation>Suche leeren</translation>
        </message>
        <message>
            <source>Save this search</source>
            <translation>Diese Suche merken</translation>
        </message>
        <message>
            <source>Search with a picture</source>
            <translation>Mit einem Bild suchen</translation>
        </message>
        <message>
            <source>Filters</source>
            <translation>Filter</translation>
        </message>
    </context>
    <context>
        <name>Settings</name>
        <message>
            <source>Folders</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>The folders whose files are searched.</source>
            <translation>Die Ordner, in deren Dateien gesucht wird.</translation>
        </message>
        <message>
            <source>Leave out</source>
            <translation>Auslassen</translation>
        </message>
        <message>
            <source>Names or patterns of files and folders to leave out, as in a .gitignore file.</source>
            <translation>Namen oder Muster von Dateien und Ordnern, die ausgelassen werden, wie in einer .gitignore-Datei.</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>Where embeddings are computed.</source>
            <translation>Worauf gerechnet wird.</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>Automatisch</translation>
        </message>
        <message>
            <source>NVIDIA GPU</source>
            <translation>NVIDIA-Grafikkarte</translation>
        </message>
        <message>
            <source>Apple GPU</source>
            <translation>Apple-Grafikeinheit</translation>
        </message>
        <message>
            <source>Processor</source>
            <translation>Prozessor</translation>
        </message>
        <message>
            <source>Release memory after</source>
            <translation>Speicher freigeben nach</translation>
        </message>
        <message>
            <source>Minutes without use after which the model leaves memory.</source>
            <translation>Minuten ohne Gebrauch, nach denen das Modell den Speicher verlässt.</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>Suche</translation>
        </message>
        <message>
            <source>Strictness</source>
            <translation>Strenge</translation>
        </message>
        <message>
            <source>How sure Semblance must be before it shows a result: 0 shows nearly everything, 100 only the surest.</source>
            <translation>Wie sicher Semblance sein muss, um einen Treffer zu zeigen: 0 zeigt fast alles, 100 nur das Sicherste.</translation>
        </message>
        <message>
            <source>Look</source>
            <translation>Aussehen</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Sprache</translation>
        </message>
        <message>
            <source>Language of the window.</source>
            <translation>Sprache des Fensters.</translation>
        </message>
        <message>
            <source>System</source>
            <translation>System</translation>
        </message>
        <message>
            <source>English</source>
            <translation>English</translation>
        </message>
        <message>
            <source>Deutsch</source>
            <translation>Deutsch</translation>
        </message>
        <message>
            <source>Appearance</source>
            <translation>Erscheinung</translation>
        </message>
        <message>
            <source>Light or dark.</source>
            <translation>Hell oder dunkel.</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Hell</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Dunkel</translation>
        </message>
        <message>
            <source>Thumbnail size</source>
            <translation>Größe der Vorschaubilder</translation>
        </message>
        <message>
            <source>Side of a thumbnail in the grid, in pixels.</source>
            <translation>Seitenlänge eines Vorschaubilds in Pixeln.</translation>
        </message>
        <message>
            <source>Quiet</source>
            <translation>Ruhe</translation>
        </message>
        <message>
            <source>Pause on battery</source>
            <translation>Im Akkubetrieb anhalten</translation>
        </message>
        <message>
            <source>Index only while the computer is plugged in.</source>
            <translation>Nur am Netz erfassen.</translation>
        </message>
        <message>
            <source>Make way</source>
            <translation>Platz machen</translation>
        </message>
        <message>
            <source>Use fewer cores while the computer is in use.</source>
            <translation>Weniger Kerne nutzen, während am Rechner gearbeitet wird.</translation>
        </message>
        <message>
            <source>Start with the computer</source>
            <translation>Mit dem Rechner starten</translation>
        </message>
        <message>
            <source>Watch the folders in the background from log-in on.</source>
            <translation>Ab der Anmeldung im Hintergrund auf die Ordner achten.</translation>
        </message>
        <message>
            <source>Keep watching when closed</source>
            <translation>Nach dem Schließen weiter achten</translation>
        </message>
        <message>
            <source>Stay in the tray when the window is closed.</source>
            <translation>Im Benachrichtigungsfeld bleiben, wenn das Fenster zu ist.</translation>
        </message>
        <message>
            <source>Tags</source>
            <translation>Schlagwörter</translation>
        </message>
        <message>
            <source>Propose tags</source>
            <translation>Schlagwörter vorschlagen</translation>
        </message>
        <message>
            <source>Propose tags for photos and documents.</source>
            <translation>Schlagwörter für Fotos und Dokumente vorschlagen.</translation>
        </message>
        <message>
            <source>Write confirmed tags to</source>
            <translation>Bestätigte Schlagwörter schreiben in</translation>
        </message>
        <message>
            <source>Where confirmed tags go when you ask for them to be written.</source>
            <translation>Wohin bestätigte Schlagwörter kommen, wenn du sie schreiben lässt.</translation>
        </message>
        <message>
            <source>XMP sidecar files</source>
            <translation>XMP-Begleitdateien</translation>
        </message>
        <message>
            <source>The pictures themselves</source>
            <translation>Die Bilder selbst</translation>
        </message>
    </context>
    <context>
        <name>SettingsDialog</name>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>Groups</source>
            <translation>Gruppen</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>Modelle</translation>
        </message>
        <message>
            <source>Kept in {file}</source>
            <translation>Steht in {file}</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>One per line</source>
            <translation>Je Zeile eines</translation>
        </message>
    </context>
    <context>
        <name>Sidebar</name>
        <message>
            <source>Everything</source>
            <translation>Alles</translation>
        </message>
        <message>
            <source>Photos</source>
            <translation>Fotos</translation>
        </message>
        <message>
            <source>Documents</source>
            <translation>Dokumente</translation>
        </message>
        <message>
            <source>Tags</source>
            <translation>Schlagwörter</translation>
        </message>
        <message>
            <source>Folders and indexing</source>
            <translation>Ordner und Erfassung</translation>
        </message>
        <message>
            <source>Saved searches</source>
            <translation>Gemerkte Suchen</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>Saved search {name}</source>
            <translation>Gemerkte Suche {name}</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
    </context>
    <context>
        <name>Status</name>
        <message>
            <source>about a minute left</source>
            <translation>noch etwa eine Minute</translation>
        </message>
        <message>
            <source>a few seconds left</source>
            <translation>noch ein paar Sekunden</translation>
        </message>
        <message>
            <source>Getting ready</source>
            <translation>Macht sich bereit</translation>
        </message>
        <message>
            <source>Looking for changes</source>
            <translation>Sieht nach Änderungen</translation>
        </message>
        <message>
            <source>Indexing</source>
            <translation>Wird erfasst</translation>
        </message>
        <message>
            <source>Up to date</source>
            <translation>Aktuell</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>Angehalten</translation>
        </message>
        <message>
            <source>Waiting for mains power</source>
            <translation>Wartet auf Netzstrom</translation>
        </message>
        <message>
            <source>No model yet</source>
            <translation>Noch kein Modell</translation>
        </message>
        <message>
            <source>Stopping</source>
            <translation>Endet</translation>
        </message>
        <message>
            <source>The indexer stopped; starting it again</source>
            <translation>Der Erfasser stand; er startet neu</translation>
        </message>
        <message>
            <source>Not watching</source>
            <translation>Achtet nicht auf Ordner</translation>
        </message>
        <message>
            <source>until {time}</source>
            <translation>bis {time}</translation>
        </message>
        <message>
            <source>{done} of {total}</source>
            <translation>{done} von {total}</translation>
        </message>
        <message>
            <source>{rate} per second</source>
            <translation>{rate} je Sekunde</translation>
        </message>
    </context>
    <context>
        <name>StatusCorner</name>
        <message>
            <source>Pause indexing</source>
            <translation>Erfassung anhalten</translation>
        </message>
        <message>
            <source>Indexing progress</source>
            <translation>Fortschritt der Erfassung</translation>
        </message>
        <message>
            <source>Resume indexing</source>
            <translation>Erfassung fortsetzen</translation>
        </message>
    </context>
    <context>
        <name>TaggingPage</name>
        <message>
            <source>Tags</source>
            <translation>Schlagwörter</translation>
        </message>
        <message>
            <source>Edit vocabulary</source>
            <translation>Wortschatz bearbeiten</translation>
        </message>
        <message>
            <source>Labels</source>
            <translation>Bezeichnungen</translation>
        </message>
        <message>
            <source>Y confirms, N rejects, Ctrl+Z takes back. Files are not changed by this.</source>
            <translation>Y bestätigt, N verwirft, Strg+Z nimmt zurück. Dateien werden dadurch nicht geändert.</translation>
        </message>
        <message>
            <source>Proposals</source>
            <translation>Vorschläge</translation>
        </message>
        <message>
            <source>Show all</source>
            <translation>Alle zeigen</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Zurücknehmen</translation>
        </message>
        <message>
            <source>Reject</source>
            <translation>Verwerfen</translation>
        </message>
        <message>
            <source>Confirm</source>
            <translation>Bestätigen</translation>
        </message>
        <message>
            <source>All proposals</source>
            <translation>Alle Vorschläge</translation>
        </message>
        <message numerus="yes">
            <source>%Ln proposal(s)</source>
            <translation>
                <numerusform>%Ln Vorschlag</numerusform>
                <numerusform>%Ln Vorschläge</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln confirmed</source>
            <translation>
                <numerusform>%Ln bestätigt</numerusform>
                <numerusform>%Ln bestätigt</numerusform>
            </translation>
        </message>
        <message>
            <source>Nothing waits for you here</source>
            <translation>Hier wartet nichts auf dich</translation>
        </message>
        <message>
            <source>New proposals appear as files are indexed and as you change the vocabulary.</source>
            <translation>Neue Vorschläge erscheinen, wenn Dateien erfasst werden und wenn du den Wortschatz änderst.</translation>
        </message>
        <message>
            <source>There is nothing to take back.</source>
            <translation>Es gibt nichts zurückzunehmen.</translation>
        </message>
        <message>
            <source>Back to the proposals</source>
            <translation>Zurück zu den Vorschlägen</translation>
        </message>
    </context>
    <context>
        <name>Tiles</name>
        <message>
            <source>FILE</source>
            <translation>DATEI</translation>
        </message>
        <message>
            <source>p. {page}</source>
            <translation>S. {page}</translation>
        </message>
    </context>
    <context>
        <name>Tray</name>
        <message>
            <source>Open Semblance</source>
            <translation>Semblance öffnen</translation>
        </message>
        <message>
            <source>Pause for an hour</source>
            <translation>Eine Stunde anhalten</translation>
        </message>
        <message>
            <source>Pause until resumed</source>
            <translation>Bis auf Weiteres anhalten</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Beenden</translation>
        </message>
    </context>
    <context>
        <name>VocabularyEditor</name>
        <message>
            <source>Find a label</source>
            <translation>Bezeichnung suchen</translation>
        </message>
        <message>
            <source>Vocabulary</source>
            <translation>Wortschatz</translation>
        </message>
        <message>
            <source>New label</source>
            <translation>Neue Bezeichnung</translation>
        </message>
        <message>
            <source>Label</source>
            <translation>Bezeichnung</translation>
        </message>
        <message>
            <source>Group</source>
            <translation>Gruppe</translation>
        </message>
        <message>
            <source>Descriptions</source>
            <translation>Beschreibungen</translation>
        </message>
        <message>
            <source>a photo of a crowd in a stadium</source>
            <translation>a photo of a crowd in a stadium</translation>
        </message>
        <message>
            <source>Write two to four short sentences, one per line, that describe a picture which deserves the label. They are what pictures are compared with.</source>
            <translation>Schreib zwei bis vier kurze Sätze, je Zeile einen, die ein Bild beschreiben, das die Bezeichnung verdient. Mit ihnen werden die Bilder verglichen.</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Speichern</translation>
        </message>
        <message>
            <source>My labels</source>
            <translation>Meine Bezeichnungen</translation>
        </message>
    </context>
</TS>
