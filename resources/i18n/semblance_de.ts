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
            <source>This desktop has no tray to stay in. New files are found the next time it starts.</source>
            <translation>Dieser Desktop hat keine Leiste, in der es bleiben könnte. Neue Dateien werden beim nächsten Start gefunden.</translation>
        </message>
        <message>
            <source>Semblance stops watching your folders when its window is closed.</source>
            <translation>Semblance überwacht deine Ordner nicht mehr, wenn sein Fenster geschlossen wird.</translation>
        </message>
        <message>
            <source>Keep open</source>
            <translation>Offen lassen</translation>
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
            <source>%Ln file(s) are still to be indexed.</source>
            <translation>
                <numerusform>%Ln Datei muss noch indexiert werden.</numerusform>
                <numerusform>%Ln Dateien müssen noch indexiert werden.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln less certain result(s) are hidden.</source>
            <translation>
                <numerusform>%Ln weniger sicherer Treffer ist ausgeblendet.</numerusform>
                <numerusform>%Ln weniger sichere Treffer sind ausgeblendet.</numerusform>
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
        <name>DemoBar</name>
        <message>
            <source>These are sample files. Nothing of yours is read, and all of it goes away with this window.</source>
            <translation>Das sind Beispieldateien. Nichts von dir wird gelesen, und alles verschwindet mit diesem Fenster.</translation>
        </message>
        <message>
            <source>Photos of “a cat”</source>
            <translation>Fotos von „a cat“</translation>
        </message>
        <message>
            <source>“cat”, but not “rent”</source>
            <translation>„cat“, aber nicht „rent“</translation>
        </message>
        <message>
            <source>Pictures like this portrait</source>
            <translation>Bilder wie dieses Porträt</translation>
        </message>
        <message>
            <source>Review proposed tags</source>
            <translation>Vorgeschlagene Schlagwörter prüfen</translation>
        </message>
        <message>
            <source>Leave the demo</source>
            <translation>Demo verlassen</translation>
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
            <source>Words in it</source>
            <translation>Worte darin</translation>
        </message>
        <message>
            <source>Looks like your search</source>
            <translation>Sieht aus wie gesucht</translation>
        </message>
        <message>
            <source>A page looks like your search</source>
            <translation>Eine Seite sieht aus wie gesucht</translation>
        </message>
        <message>
            <source>Tag</source>
            <translation>Schlagwort</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>A passage about it</source>
            <translation>Eine Stelle, die davon handelt</translation>
        </message>
        <message>
            <source>Where it was taken</source>
            <translation>Wo es aufgenommen wurde</translation>
        </message>
        <message>
            <source>Select a file to see its details.</source>
            <translation>Wähle eine Datei, um Näheres zu sehen.</translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) selected</source>
            <translation>
                <numerusform>%Ln Datei ausgewählt</numerusform>
                <numerusform>%Ln Dateien ausgewählt</numerusform>
            </translation>
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
        <message>
            <source>Drop a folder to search in it</source>
            <translation>Lass einen Ordner los, um darin zu suchen</translation>
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
            <source>The model is being prepared for this computer; the first time this takes a minute or two.</source>
            <translation>Das Modell wird für diesen Rechner vorbereitet; beim ersten Mal dauert das ein bis zwei Minuten.</translation>
        </message>
        <message>
            <source>Indexing your files</source>
            <translation>Deine Dateien werden indexiert</translation>
        </message>
        <message>
            <source>Try removing a filter.</source>
            <translation>Versuche es mit weniger Filtern.</translation>
        </message>
        <message>
            <source>Show less certain results</source>
            <translation>Weniger sichere Treffer zeigen</translation>
        </message>
        <message>
            <source>Looking through your folders. Results appear as they come.</source>
            <translation>Deine Ordner werden durchgesehen. Treffer erscheinen nach und nach.</translation>
        </message>
        <message>
            <source>Show progress</source>
            <translation>Fortschritt zeigen</translation>
        </message>
        <message>
            <source>Try other words for it, or describe what the picture shows, or drop a similar picture.</source>
            <translation>Versuch andere Wörter, beschreib, was das Bild zeigt, oder zieh ein ähnliches Bild herein.</translation>
        </message>
        <message>
            <source>Nothing found</source>
            <translation>Nichts gefunden</translation>
        </message>
        <message>
            <source>Did you mean “{query}”?</source>
            <translation>Meintest du „{query}“?</translation>
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
        <message>
            <source>Open {name}</source>
            <translation>{name} öffnen</translation>
        </message>
        <message>
            <source>Show {name} in its folder</source>
            <translation>{name} in seinem Ordner zeigen</translation>
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
            <source>Move to {trash}…</source>
            <translation>In den {trash} verschieben …</translation>
        </message>
        <message>
            <source>Move “{name}” to the {trash}?</source>
            <translation>„{name}“ in den {trash} verschieben?</translation>
        </message>
        <message numerus="yes">
            <source>Move %Ln file(s) to the {trash}?</source>
            <translation>
                <numerusform>%Ln Datei in den {trash} verschieben?</numerusform>
                <numerusform>%Ln Dateien in den {trash} verschieben?</numerusform>
            </translation>
        </message>
        <message>
            <source>You can take them back from the {trash} of your desktop.</source>
            <translation>Du kannst sie aus dem {trash} deines Desktops zurückholen.</translation>
        </message>
        <message>
            <source>Move to {trash}</source>
            <translation>In den {trash}</translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) moved to the {trash}</source>
            <translation>
                <numerusform>%Ln Datei in den {trash} verschoben</numerusform>
                <numerusform>%Ln Dateien in den {trash} verschoben</numerusform>
            </translation>
        </message>
        <message>
            <source>Ctrl+Z takes them back</source>
            <translation>Strg+Z holt sie zurück</translation>
        </message>
        <message>
            <source>Recycle Bin</source>
            <translation>Papierkorb</translation>
        </message>
        <message>
            <source>Trash</source>
            <translation>Papierkorb</translation>
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
    </context>
    <context>
        <name>FilterMenu</name>
        <message>
            <source>Place…</source>
            <translation>Ort …</translation>
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
        <name>Filters</name>
        <message>
            <source>From {value}</source>
            <translation>Ab {value}</translation>
        </message>
        <message>
            <source>Before {value}</source>
            <translation>Vor {value}</translation>
        </message>
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
            <source>File type</source>
            <translation>Dateiformat</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>After</source>
            <translation>Ab</translation>
        </message>
        <message>
            <source>Before</source>
            <translation>Vor</translation>
        </message>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
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
            <source>Tag</source>
            <translation>Schlagwort</translation>
        </message>
        <message>
            <source>Rating</source>
            <translation>Bewertung</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
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
            <source>Try it with sample files</source>
            <translation>Mit Beispieldateien ausprobieren</translation>
        </message>
        <message>
            <source>Everything stays on this computer</source>
            <translation>Alles bleibt auf diesem Rechner</translation>
        </message>
        <message>
            <source>Your files are never changed or moved unless you ask for it, and nothing leaves this computer. The network is used for one thing only, downloading a model, and only when you say so.</source>
            <translation>Deine Dateien werden nie verändert oder verschoben, außer du verlangst es, und nichts verlässt diesen Computer. Das Netz wird nur für eines benutzt, ein Modell herunterzuladen, und nur, wenn du es sagst.</translation>
        </message>
        <message>
            <source>Which folders should Semblance search?</source>
            <translation>Welche Ordner soll Semblance durchsuchen?</translation>
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
        <message>
            <source>The demo could not be started.</source>
            <translation>Die Demo konnte nicht gestartet werden.</translation>
        </message>
        <message>
            <source>Run “semblance demo” in a terminal.</source>
            <translation>Führe „semblance demo“ in einem Terminal aus.</translation>
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
            <source>Check for changes</source>
            <translation>Auf Änderungen prüfen</translation>
        </message>
        <message>
            <source>Check {name} for changes</source>
            <translation>{name} auf Änderungen prüfen</translation>
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
        <message>
            <source>Results</source>
            <translation>Treffer</translation>
        </message>
        <message numerus="yes">
            <source>+%Ln less certain</source>
            <translation>
                <numerusform>+%Ln weniger sicherer</numerusform>
                <numerusform>+%Ln weniger sichere</numerusform>
            </translation>
        </message>
        <message>
            <source>Everything</source>
            <translation>Alles</translation>
        </message>
        <message>
            <source>Files</source>
            <translation>Dateien</translation>
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
        <name>IndexCard</name>
        <message>
            <source>Settings…</source>
            <translation>Einstellungen …</translation>
        </message>
        <message>
            <source>Rebuild…</source>
            <translation>Neu aufbauen …</translation>
        </message>
        <message>
            <source>{size} on disk. It is a cache and can be rebuilt at any time.</source>
            <translation>{size} auf der Festplatte. Er ist ein Zwischenspeicher und kann jederzeit neu aufgebaut werden.</translation>
        </message>
        <message>
            <source>Rebuild the index?</source>
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
            <source>Add to the search</source>
            <translation>Zur Suche hinzufügen</translation>
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
            <source>Check the network and try again, or use a file from another computer.</source>
            <translation>Prüfe das Netz und versuche es noch einmal, oder nimm eine Datei von einem anderen Computer.</translation>
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
            <source>Loading the list of models…</source>
            <translation>Liste der Modelle wird geladen …</translation>
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
            <source>Try again…</source>
            <translation>Noch einmal versuchen …</translation>
        </message>
        <message>
            <source>Use a downloaded file…</source>
            <translation>Heruntergeladene Datei verwenden …</translation>
        </message>
        <message>
            <source>Use a downloaded file</source>
            <translation>Heruntergeladene Datei verwenden</translation>
        </message>
        <message>
            <source>Checkpoints (*.safetensors *.bin *.pt)</source>
            <translation>Checkpoints (*.safetensors *.bin *.pt)</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
        <message>
            <source>It comes from the model hub under the licence {licence}. None of your data is sent. Searching goes on with the present model until the new index is complete.</source>
            <translation>Es kommt vom Modell-Hub unter der Lizenz {licence}. Es werden keine deiner Daten gesendet. Gesucht wird mit dem jetzigen Modell, bis der neue Index fertig ist.</translation>
        </message>
        <message>
            <source>Download {name} ({size})?</source>
            <translation>{name} laden ({size})?</translation>
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
            <source>Balanced</source>
            <translation>Ausgewogen</translation>
        </message>
        <message>
            <source>Many languages</source>
            <translation>Viele Sprachen</translation>
        </message>
        <message>
            <source>Fine detail, many languages</source>
            <translation>Feine Einzelheiten, viele Sprachen</translation>
        </message>
        <message>
            <source>Fine detail</source>
            <translation>Feine Einzelheiten</translation>
        </message>
        <message>
            <source>Most exact</source>
            <translation>Am genauesten</translation>
        </message>
        <message>
            <source>Ships with Semblance and works at once.</source>
            <translation>Kommt mit Semblance und geht sofort.</translation>
        </message>
    </context>
    <context>
        <name>NotIndexedCard</name>
        <message>
            <source>without ending</source>
            <translation>ohne Endung</translation>
        </message>
        <message>
            <source>Not read: {files} files of {kinds} kinds ({listed})</source>
            <translation>Nicht gelesen: {files} Dateien von {kinds} Arten ({listed})</translation>
        </message>
        <message>
            <source>a drive is mounted there</source>
            <translation>dort ist ein Laufwerk eingehängt</translation>
        </message>
        <message>
            <source>left out by “{pattern}”</source>
            <translation>ausgelassen wegen „{pattern}“</translation>
        </message>
        <message>
            <source>Include</source>
            <translation>Aufnehmen</translation>
        </message>
    </context>
    <context>
        <name>Notices</name>
        <message>
            <source>Show models</source>
            <translation>Modelle zeigen</translation>
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
            <source>Click to change its weight, double-click to edit</source>
            <translation>Klicken, um das Gewicht zu ändern, doppelklicken zum Bearbeiten</translation>
        </message>
        <message>
            <source>Weight</source>
            <translation>Gewicht</translation>
        </message>
        <message>
            <source>Include</source>
            <translation>Einschließen</translation>
        </message>
        <message>
            <source>Exclude</source>
            <translation>Ausschließen</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
    </context>
    <context>
        <name>PlaceDialog</name>
        <message>
            <source>City</source>
            <translation>Stadt</translation>
        </message>
        <message>
            <source>Paris, or Springfield, Illinois</source>
            <translation>Paris, oder Springfield, Illinois</translation>
        </message>
        <message>
            <source>No such city is known.</source>
            <translation>So eine Stadt ist nicht bekannt.</translation>
        </message>
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
        <name>PlaceFact</name>
        <message>
            <source>Show all from here</source>
            <translation>Alles von hier zeigen</translation>
        </message>
        <message>
            <source>near {city}</source>
            <translation>bei {city}</translation>
        </message>
        <message>
            <source>{what} (names: GeoNames, CC BY 4.0)</source>
            <translation>{what} (Namen: GeoNames, CC BY 4.0)</translation>
        </message>
    </context>
    <context>
        <name>Places</name>
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
            <source>within {radius} km of {place}</source>
            <translation>höchstens {radius} km von {place}</translation>
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
            <source>There is no text in it that could be shown.</source>
            <translation>Sie enthält keinen Text, der gezeigt werden könnte.</translation>
        </message>
        <message>
            <source>Page {page} of {pages}</source>
            <translation>Seite {page} von {pages}</translation>
        </message>
    </context>
    <context>
        <name>PreviewLoader</name>
        <message>
            <source>The original cannot be shown.</source>
            <translation>Das Original kann nicht gezeigt werden.</translation>
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
        <message>
            <source>Closest matches</source>
            <translation>Am nächsten</translation>
        </message>
        <message>
            <source>Less certain</source>
            <translation>Weniger sicher</translation>
        </message>
    </context>
    <context>
        <name>ReviewPane</name>
        <message>
            <source>Tags</source>
            <translation>Schlagwörter</translation>
        </message>
        <message>
            <source>Y confirms, N rejects, Ctrl+Z undoes, Space previews. Your files are not changed.</source>
            <translation>Y bestätigt, N verwirft, Strg+Z macht rückgängig, Leertaste zeigt groß. Deine Dateien werden nicht verändert.</translation>
        </message>
        <message>
            <source>Show all</source>
            <translation>Alle zeigen</translation>
        </message>
        <message>
            <source>Proposals</source>
            <translation>Vorschläge</translation>
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
            <source>No proposals</source>
            <translation>Keine Vorschläge</translation>
        </message>
        <message>
            <source>New proposals appear as files are indexed and as you change the vocabulary.</source>
            <translation>Neue Vorschläge erscheinen, wenn Dateien erfasst werden und wenn du den Wortschatz änderst.</translation>
        </message>
        <message>
            <source>Edit vocabulary</source>
            <translation>Wortschatz bearbeiten</translation>
        </message>
        <message>
            <source>There is nothing to undo.</source>
            <translation>Es gibt nichts rückgängig zu machen.</translation>
        </message>
    </context>
    <context>
        <name>Said</name>
        <message>
            <source>Only the first {0} passages are searched.</source>
            <translation>Nur die ersten {0} Abschnitte werden durchsucht.</translation>
        </message>
        <message>
            <source>The file is too large to be read: {0} MB.</source>
            <translation>Die Datei ist zu groß, um gelesen zu werden: {0} MB.</translation>
        </message>
        <message>
            <source>What the file says of itself cannot be stored.</source>
            <translation>Was die Datei über sich angibt, kann nicht gespeichert werden.</translation>
        </message>
        <message>
            <source>Its path is longer than the system allows.</source>
            <translation>Ihr Pfad ist länger, als das System erlaubt.</translation>
        </message>
        <message>
            <source>Move it nearer to the top of its drive, or shorten the names of the folders it is in.</source>
            <translation>Verschieben Sie sie weiter nach oben auf ihrem Laufwerk, oder kürzen Sie die Namen der Ordner, in denen sie liegt.</translation>
        </message>
        <message>
            <source>The drive that is mounted at {0} is not looked into.</source>
            <translation>Das Laufwerk, das unter {0} eingehängt ist, wird nicht durchsucht.</translation>
        </message>
        <message>
            <source>Add it as a folder of its own to make it searchable.</source>
            <translation>Fügen Sie es als eigenen Ordner hinzu, damit es durchsucht werden kann.</translation>
        </message>
        <message>
            <source>Only the first {0} characters are searched.</source>
            <translation>Nur die ersten {0} Zeichen werden durchsucht.</translation>
        </message>
        <message>
            <source>Reading it takes so long that only its beginning is searched.</source>
            <translation>Sie zu lesen dauert so lange, dass nur ihr Anfang durchsucht wird.</translation>
        </message>
        <message>
            <source>Check the drive or the network connection; it will be tried again.</source>
            <translation>Prüfe das Laufwerk oder die Netzverbindung; es wird noch einmal versucht.</translation>
        </message>
        <message>
            <source>Close other programs or save a smaller copy; it will be tried again.</source>
            <translation>Schließe andere Programme oder sichere eine kleinere Kopie; es wird noch einmal versucht.</translation>
        </message>
        <message>
            <source>Convert it to a common format such as JPEG or PDF to make it searchable.</source>
            <translation>Wandle sie in ein übliches Format wie JPEG oder PDF um, damit sie gefunden werden kann.</translation>
        </message>
        <message>
            <source>Copy it again from the original; it will be read as soon as it changes.</source>
            <translation>Kopiere sie noch einmal vom Original; sie wird gelesen, sobald sie sich ändert.</translation>
        </message>
        <message>
            <source>Delete it, or copy it again from where it came from.</source>
            <translation>Lösche sie, oder kopiere sie noch einmal von dort, wo sie herkam.</translation>
        </message>
        <message>
            <source>Do not open it unless you trust where it came from.</source>
            <translation>Öffne sie nur, wenn du ihrer Herkunft vertraust.</translation>
        </message>
        <message>
            <source>Give it the ending that fits its content, or ignore it.</source>
            <translation>Gib ihr die Endung, die zum Inhalt passt, oder lass sie so.</translation>
        </message>
        <message>
            <source>Give yourself the right to read it; it will be tried again.</source>
            <translation>Gib dir das Recht, sie zu lesen; es wird noch einmal versucht.</translation>
        </message>
        <message>
            <source>It could not be read ({0}).</source>
            <translation>Sie konnte nicht gelesen werden ({0}).</translation>
        </message>
        <message>
            <source>It is left alone until it changes; save it anew in another program to make it searchable.</source>
            <translation>Sie bleibt liegen, bis sie sich ändert; sichere sie in einem anderen Programm neu, damit sie gefunden werden kann.</translation>
        </message>
        <message>
            <source>It starts like {0}, but is too damaged to be read.</source>
            <translation>Es beginnt wie {0}, ist aber zu beschädigt, um gelesen zu werden.</translation>
        </message>
        <message>
            <source>It will be tried again later; if it keeps failing, save it anew in another program.</source>
            <translation>Es wird später noch einmal versucht; wenn es weiter misslingt, sichere die Datei in einem anderen Programm neu.</translation>
        </message>
        <message>
            <source>Its content could not be turned into an embedding.</source>
            <translation>Aus dem Inhalt ließ sich kein Vektor berechnen.</translation>
        </message>
        <message>
            <source>No file can be read at the moment.</source>
            <translation>Zurzeit kann keine Datei gelesen werden.</translation>
        </message>
        <message>
            <source>None of the chapters of the book can be read.</source>
            <translation>Keines der Kapitel des Buchs kann gelesen werden.</translation>
        </message>
        <message>
            <source>None of the pictures in the document can be read.</source>
            <translation>Keines der Bilder im Dokument kann gelesen werden.</translation>
        </message>
        <message>
            <source>The DjVu document is damaged and cannot be read.</source>
            <translation>Das DjVu-Dokument ist beschädigt und kann nicht gelesen werden.</translation>
        </message>
        <message>
            <source>There is no picture in the comic book.</source>
            <translation>Das Comic enthält kein Bild.</translation>
        </message>
        <message>
            <source>This document carries no preview, and its own format cannot be read yet.</source>
            <translation>Dieses Dokument enthält keine Vorschau, und sein eigenes Format kann noch nicht gelesen werden.</translation>
        </message>
        <message>
            <source>None of the pages of the PDF document can be read.</source>
            <translation>Keine Seite des PDF-Dokuments ist lesbar.</translation>
        </message>
        <message>
            <source>Open it in another program to see whether it still works, or restore it from a backup.</source>
            <translation>Sieh in einem anderen Programm nach, ob sie noch geht, oder hole sie aus einer Sicherung zurück.</translation>
        </message>
        <message>
            <source>Reading the file takes more memory than there is to spare.</source>
            <translation>Diese Datei zu lesen braucht mehr Speicher, als übrig ist.</translation>
        </message>
        <message>
            <source>Reading the file took so long that it was given up.</source>
            <translation>Die Datei zu lesen dauerte so lange, dass es aufgegeben wurde.</translation>
        </message>
        <message>
            <source>Restart Semblance, or install it again if that is no help.</source>
            <translation>Starte Semblance neu, oder installiere es neu, wenn das nicht hilft.</translation>
        </message>
        <message>
            <source>Save a copy without a password to make it searchable.</source>
            <translation>Sichere eine Kopie ohne Passwort, damit sie gefunden werden kann.</translation>
        </message>
        <message>
            <source>Save a smaller copy beside it to make it searchable.</source>
            <translation>Sichere daneben eine kleinere Kopie, damit sie gefunden werden kann.</translation>
        </message>
        <message>
            <source>Semblance stopped more than once while it was reading this file.</source>
            <translation>Semblance wurde mehr als einmal beendet, während es diese Datei las.</translation>
        </message>
        <message>
            <source>The PDF document breaks off: the file is incomplete.</source>
            <translation>Das PDF-Dokument bricht ab: Die Datei ist unvollständig.</translation>
        </message>
        <message>
            <source>The PDF document has no pages.</source>
            <translation>Das PDF-Dokument hat keine Seiten.</translation>
        </message>
        <message>
            <source>The PDF document is damaged and cannot be read.</source>
            <translation>Das PDF-Dokument ist beschädigt und kann nicht gelesen werden.</translation>
        </message>
        <message>
            <source>The PDF document is protected by a password.</source>
            <translation>Das PDF-Dokument ist mit einem Passwort geschützt.</translation>
        </message>
        <message>
            <source>The camera RAW file breaks off: it is incomplete.</source>
            <translation>Die RAW-Datei der Kamera bricht ab: Sie ist unvollständig.</translation>
        </message>
        <message>
            <source>The camera RAW file is damaged.</source>
            <translation>Die RAW-Datei der Kamera ist beschädigt.</translation>
        </message>
        <message>
            <source>The camera RAW file is too large to be read.</source>
            <translation>Die RAW-Datei der Kamera ist zu groß, um gelesen zu werden.</translation>
        </message>
        <message>
            <source>The content is not {0}, nor anything else that is known.</source>
            <translation>Dem Namen nach ist das {0}; der Inhalt ist es nicht, und auch sonst nichts Bekanntes.</translation>
        </message>
        <message>
            <source>The document breaks off: the file is incomplete.</source>
            <translation>Das Dokument bricht ab: Die Datei ist unvollständig.</translation>
        </message>
        <message>
            <source>The document has no page {0}.</source>
            <translation>Das Dokument hat keine Seite {0}.</translation>
        </message>
        <message>
            <source>The document is damaged and cannot be read.</source>
            <translation>Das Dokument ist beschädigt und kann nicht gelesen werden.</translation>
        </message>
        <message>
            <source>The document is protected by a password.</source>
            <translation>Das Dokument ist mit einem Passwort geschützt.</translation>
        </message>
        <message>
            <source>The document is too large to be read: {0} MB.</source>
            <translation>Das Dokument ist zu groß, um gelesen zu werden: {0} MB.</translation>
        </message>
        <message>
            <source>The document unpacks to far more than its size, which cannot be honest.</source>
            <translation>Das Dokument wird beim Entpacken weit größer, als es ehrlich sein kann.</translation>
        </message>
        <message>
            <source>The document unpacks to {0} MB, far more than a document of its size can hold.</source>
            <translation>Das Dokument wird beim Entpacken {0} MB groß, weit mehr, als eines seiner Größe enthalten kann.</translation>
        </message>
        <message>
            <source>The file could not be read for a reason that is not known.</source>
            <translation>Die Datei konnte aus einem unbekannten Grund nicht gelesen werden.</translation>
        </message>
        <message>
            <source>The file could not be read from its drive.</source>
            <translation>Die Datei konnte nicht von ihrem Laufwerk gelesen werden.</translation>
        </message>
        <message>
            <source>The file holds nothing but zeros, as after a failed copy or a power cut.</source>
            <translation>Die Datei enthält nichts als Nullen, wie nach einer misslungenen Kopie oder einem Stromausfall.</translation>
        </message>
        <message>
            <source>The file is empty.</source>
            <translation>Die Datei ist leer.</translation>
        </message>
        <message>
            <source>The file is named like {0}, but its content is a ZIP archive.</source>
            <translation>Dem Namen nach ist das {0}, dem Inhalt nach aber ein ZIP-Archiv.</translation>
        </message>
        <message>
            <source>The file is named like {0}, but its content is {1}.</source>
            <translation>Dem Namen nach ist das {0}, dem Inhalt nach aber {1}.</translation>
        </message>
        <message>
            <source>The file makes the program that reads it break down.</source>
            <translation>Die Datei bringt das Programm, das sie liest, zum Absturz.</translation>
        </message>
        <message>
            <source>The folder cannot be listed ({0}).</source>
            <translation>Der Ordner kann nicht aufgelistet werden ({0}).</translation>
        </message>
        <message>
            <source>The picture breaks off: the file is incomplete.</source>
            <translation>Das Bild bricht ab: Die Datei ist unvollständig.</translation>
        </message>
        <message>
            <source>The picture claims {0} in a file of {1}, which cannot be honest.</source>
            <translation>Das Bild will {0} haben, in einer Datei von {1}; das kann nicht stimmen.</translation>
        </message>
        <message>
            <source>The picture is damaged and cannot be read.</source>
            <translation>Das Bild ist beschädigt und kann nicht gelesen werden.</translation>
        </message>
        <message>
            <source>The picture is too large for the memory of this computer: {0}.</source>
            <translation>Das Bild ist zu groß für den Speicher dieses Rechners: {0}.</translation>
        </message>
        <message>
            <source>There was not enough memory to read the document.</source>
            <translation>Der Speicher reichte nicht, um das Dokument zu lesen.</translation>
        </message>
        <message>
            <source>There was not enough memory to read the file.</source>
            <translation>Der Speicher reichte nicht, um die Datei zu lesen.</translation>
        </message>
        <message>
            <source>There was not enough memory to read the picture.</source>
            <translation>Der Speicher reichte nicht, um das Bild zu lesen.</translation>
        </message>
        <message>
            <source>This is {0}, a format that cannot be read yet.</source>
            <translation>Das ist {0}; dieses Format kann noch nicht gelesen werden.</translation>
        </message>
        <message>
            <source>This kind of camera RAW file is not known.</source>
            <translation>Diese Art von RAW-Datei ist nicht bekannt.</translation>
        </message>
        <message>
            <source>This kind of document cannot be read yet.</source>
            <translation>Diese Art von Dokument kann noch nicht gelesen werden.</translation>
        </message>
        <message>
            <source>This kind of old document is not known.</source>
            <translation>Diese Art von altem Dokument ist nicht bekannt.</translation>
        </message>
        <message>
            <source>This user has no right to read the file.</source>
            <translation>Dieser Benutzer darf die Datei nicht lesen.</translation>
        </message>
        <message>
            <source>a 7-Zip archive</source>
            <translation>ein 7-Zip-Archiv</translation>
        </message>
        <message>
            <source>a BMP picture</source>
            <translation>ein BMP-Bild</translation>
        </message>
        <message>
            <source>a GIF picture</source>
            <translation>ein GIF-Bild</translation>
        </message>
        <message>
            <source>a HEIC picture</source>
            <translation>ein HEIC-Bild</translation>
        </message>
        <message>
            <source>a JPEG XL picture</source>
            <translation>ein JPEG-XL-Bild</translation>
        </message>
        <message>
            <source>a JPEG picture</source>
            <translation>ein JPEG-Bild</translation>
        </message>
        <message>
            <source>a PDF document</source>
            <translation>ein PDF-Dokument</translation>
        </message>
        <message>
            <source>a PNG picture</source>
            <translation>ein PNG-Bild</translation>
        </message>
        <message>
            <source>a Photoshop picture</source>
            <translation>ein Photoshop-Bild</translation>
        </message>
        <message>
            <source>a RAR archive</source>
            <translation>ein RAR-Archiv</translation>
        </message>
        <message>
            <source>a TIFF picture</source>
            <translation>ein TIFF-Bild</translation>
        </message>
        <message>
            <source>a WebP picture</source>
            <translation>ein WebP-Bild</translation>
        </message>
        <message>
            <source>a ZIP archive or Office document</source>
            <translation>ein ZIP-Archiv oder Office-Dokument</translation>
        </message>
        <message>
            <source>a camera RAW picture</source>
            <translation>ein RAW-Bild einer Kamera</translation>
        </message>
        <message>
            <source>a compressed archive</source>
            <translation>ein komprimiertes Archiv</translation>
        </message>
        <message>
            <source>a database</source>
            <translation>eine Datenbank</translation>
        </message>
        <message>
            <source>a document</source>
            <translation>ein Dokument</translation>
        </message>
        <message>
            <source>a picture</source>
            <translation>ein Bild</translation>
        </message>
        <message>
            <source>a program</source>
            <translation>ein Programm</translation>
        </message>
        <message>
            <source>a sound file</source>
            <translation>eine Tondatei</translation>
        </message>
        <message>
            <source>a sound or video file</source>
            <translation>eine Ton- oder Videodatei</translation>
        </message>
        <message>
            <source>a text</source>
            <translation>ein Text</translation>
        </message>
        <message>
            <source>a video</source>
            <translation>ein Video</translation>
        </message>
        <message>
            <source>a web page</source>
            <translation>eine Webseite</translation>
        </message>
        <message>
            <source>an AVIF picture</source>
            <translation>ein AVIF-Bild</translation>
        </message>
        <message>
            <source>an RTF document</source>
            <translation>ein RTF-Dokument</translation>
        </message>
        <message>
            <source>an SVG drawing</source>
            <translation>eine SVG-Zeichnung</translation>
        </message>
        <message>
            <source>an XML file</source>
            <translation>eine XML-Datei</translation>
        </message>
        <message>
            <source>an empty ZIP archive</source>
            <translation>ein leeres ZIP-Archiv</translation>
        </message>
        <message>
            <source>an old Office document or mail</source>
            <translation>ein altes Office-Dokument oder eine Mail</translation>
        </message>
        <message>
            <source>plain text</source>
            <translation>reiner Text</translation>
        </message>
        <message>
            <source>Connect the drive, or choose another one.</source>
            <translation>Verbinde das Laufwerk, oder wähle ein anderes Beispiel.</translation>
        </message>
        <message>
            <source>Connect their drives, and they are read again.</source>
            <translation>Verbinde ihre Laufwerke, dann werden sie neu gelesen.</translation>
        </message>
        <message>
            <source>The model has not seen this example yet, because its drive was not there.</source>
            <translation>Das Modell hat dieses Beispiel noch nicht gesehen, weil sein Laufwerk nicht da war.</translation>
        </message>
        <message>
            <source>{0} files of folders that are not there now are found by name, words and tags only, until the new model has seen them.</source>
            <translation>{0} Dateien aus Ordnern, die gerade nicht da sind, werden nur nach Namen, Wörtern und Schlagwörtern gefunden, bis das neue Modell sie gesehen hat.</translation>
        </message>
        <message>
            <source>A tag needs a name.</source>
            <translation>Ein Schlagwort braucht einen Namen.</translation>
        </message>
        <message>
            <source>Add the folder it is in.</source>
            <translation>Nimm den Ordner hinzu, in dem sie liegt.</translation>
        </message>
        <message>
            <source>Another Semblance is already indexing here.</source>
            <translation>Ein anderes Semblance erfasst hier bereits Dateien.</translation>
        </message>
        <message>
            <source>Changes in {0} cannot be watched ({1}).</source>
            <translation>Änderungen in {0} können nicht beobachtet werden ({1}).</translation>
        </message>
        <message>
            <source>Check its name and try again.</source>
            <translation>Prüfe den Namen und versuche es noch einmal.</translation>
        </message>
        <message>
            <source>Choose a larger one.</source>
            <translation>Wähle einen größeren.</translation>
        </message>
        <message>
            <source>Choose another one.</source>
            <translation>Wähle ein anderes.</translation>
        </message>
        <message>
            <source>Close other programs that use the file and check that its folder can be written.</source>
            <translation>Schließe andere Programme, die die Datei benutzen, und prüfe, ob in ihren Ordner geschrieben werden darf.</translation>
        </message>
        <message>
            <source>Connect its drive and index again to bring it up to date.</source>
            <translation>Verbinde das Laufwerk und lass noch einmal erfassen, damit alles auf dem neuesten Stand ist.</translation>
        </message>
        <message>
            <source>Correct it and try again.</source>
            <translation>Berichtige sie und versuche es noch einmal.</translation>
        </message>
        <message>
            <source>Correct the file and try again.</source>
            <translation>Berichtige die Datei und versuche es noch einmal.</translation>
        </message>
        <message>
            <source>Delete it to have it rebuilt.</source>
            <translation>Lösche ihn, damit er neu aufgebaut wird.</translation>
        </message>
        <message>
            <source>Free some space; indexing then goes on by itself.</source>
            <translation>Schaffe etwas Platz; das Erfassen geht dann von selbst weiter.</translation>
        </message>
        <message>
            <source>Indexing was interrupted by an unexpected error.</source>
            <translation>Das Erfassen wurde von einem unerwarteten Fehler unterbrochen.</translation>
        </message>
        <message>
            <source>Install one.</source>
            <translation>Installiere eines.</translation>
        </message>
        <message>
            <source>It goes on by itself; close its window or stop it with Ctrl-C to index from here instead.</source>
            <translation>Es arbeitet von selbst weiter; schließe sein Fenster oder beende es mit Strg-C, um von hier aus zu erfassen.</translation>
        </message>
        <message>
            <source>It is looked at every few minutes instead.</source>
            <translation>Stattdessen wird alle paar Minuten nachgesehen.</translation>
        </message>
        <message>
            <source>It is rebuilt from your files the next time they are indexed (run “semblance index --once”).</source>
            <translation>Er wird aus deinen Dateien neu aufgebaut, wenn sie das nächste Mal erfasst werden (mit „semblance index --once“).</translation>
        </message>
        <message>
            <source>It is tried again in a minute.</source>
            <translation>In einer Minute wird es noch einmal versucht.</translation>
        </message>
        <message>
            <source>Leave out the minus, or the filter.</source>
            <translation>Lass das Minus weg oder den Filter.</translation>
        </message>
        <message>
            <source>Make room on the disk or check its permissions, and try again.</source>
            <translation>Schaffe Platz auf der Festplatte oder prüfe ihre Rechte, und versuche es noch einmal.</translation>
        </message>
        <message>
            <source>Nothing is indexed yet: add a folder and let it be indexed.</source>
            <translation>Noch ist nichts erfasst: Nimm einen Ordner hinzu und lass ihn erfassen.</translation>
        </message>
        <message>
            <source>Nothing was written ({0}).</source>
            <translation>Es wurde nichts geschrieben ({0}).</translation>
        </message>
        <message>
            <source>Nothing was written, because {0}.</source>
            <translation>Es wurde nichts geschrieben, denn: {0}.</translation>
        </message>
        <message>
            <source>One example only: add more to make it reliable.</source>
            <translation>Nur ein Beispiel: Mit mehreren wird es verlässlich.</translation>
        </message>
        <message>
            <source>Only words are searched while the model loads.</source>
            <translation>Solange das Modell geladen wird, werden nur Wörter gesucht.</translation>
        </message>
        <message>
            <source>Only words are searched: {0}</source>
            <translation>Es werden nur Wörter gesucht: {0}</translation>
        </message>
        <message>
            <source>Pictures cannot be compared without a model.</source>
            <translation>Ohne Modell lassen sich Bilder nicht vergleichen.</translation>
        </message>
        <message>
            <source>Repair the file or move it away, and try again.</source>
            <translation>Repariere die Datei oder lege sie woandershin, und versuche es noch einmal.</translation>
        </message>
        <message>
            <source>Save it as a UTF-8 file.</source>
            <translation>Sichere sie als UTF-8-Datei.</translation>
        </message>
        <message>
            <source>Save it as a UTF-8 text file.</source>
            <translation>Sichere sie als UTF-8-Textdatei.</translation>
        </message>
        <message>
            <source>Set SEMBLANCE_HOME to a folder on the computer&apos;s own disk.</source>
            <translation>Lege SEMBLANCE_HOME in einen Ordner auf dem eigenen Laufwerk des Rechners.</translation>
        </message>
        <message>
            <source>The cut-out is empty.</source>
            <translation>Der Ausschnitt ist leer.</translation>
        </message>
        <message>
            <source>The disk that holds the index is full.</source>
            <translation>Die Festplatte mit dem Index ist voll.</translation>
        </message>
        <message>
            <source>The example is not in the library any more.</source>
            <translation>Das Beispiel ist nicht mehr in der Sammlung.</translation>
        </message>
        <message>
            <source>The folder {0} does not exist.</source>
            <translation>Den Ordner {0} gibt es nicht.</translation>
        </message>
        <message>
            <source>The folder {0} is not there at the moment; what is known of it is kept.</source>
            <translation>Der Ordner {0} ist zurzeit nicht da; was über ihn bekannt ist, bleibt.</translation>
        </message>
        <message>
            <source>The index cannot be kept in {0}, because that drive cannot make hard links ({1}).</source>
            <translation>Der Index kann nicht in {0} liegen, weil dieses Laufwerk keine harten Links kennt ({1}).</translation>
        </message>
        <message>
            <source>The index is damaged and could not be repaired.</source>
            <translation>Der Index ist beschädigt und ließ sich nicht reparieren.</translation>
        </message>
        <message>
            <source>The index was written by a newer version of Semblance.</source>
            <translation>Der Index wurde von einer neueren Version von Semblance geschrieben.</translation>
        </message>
        <message>
            <source>The item is not in the library any more.</source>
            <translation>Das Element ist nicht mehr in der Sammlung.</translation>
        </message>
        <message>
            <source>The list {0} could not be read ({1}).</source>
            <translation>Die Liste {0} konnte nicht gelesen werden ({1}).</translation>
        </message>
        <message>
            <source>The model {0}, with which the index was made, is not installed any more.</source>
            <translation>Das Modell {0}, mit dem der Index gemacht wurde, ist nicht mehr installiert.</translation>
        </message>
        <message>
            <source>The picture {0} could not be read ({1}).</source>
            <translation>Das Bild {0} konnte nicht gelesen werden ({1}).</translation>
        </message>
        <message>
            <source>The settings could not be saved, because {0} cannot be read ({1}).</source>
            <translation>Die Einstellungen konnten nicht gesichert werden, weil {0} nicht lesbar ist ({1}).</translation>
        </message>
        <message>
            <source>The settings file could not be read ({0}).</source>
            <translation>Die Datei mit den Einstellungen konnte nicht gelesen werden ({0}).</translation>
        </message>
        <message>
            <source>Correct {0}. Nothing is indexed until then; what is indexed stays.</source>
            <translation>Berichtige {0}. Bis dahin wird nichts erfasst; was erfasst ist, bleibt.</translation>
        </message>
        <message>
            <source>The drawing is damaged and cannot be read.</source>
            <translation>Die Zeichnung ist beschädigt und kann nicht gelesen werden.</translation>
        </message>
        <message>
            <source>The drawing is too large to be read.</source>
            <translation>Die Zeichnung ist zu groß, um gelesen zu werden.</translation>
        </message>
        <message>
            <source>This is a JPEG XL picture, a format that cannot be read yet.</source>
            <translation>Das ist ein JPEG-XL-Bild, ein Format, das noch nicht gelesen werden kann.</translation>
        </message>
        <message>
            <source>This is a Photoshop picture without a preview, and of a kind that cannot be read yet.</source>
            <translation>Das ist ein Photoshop-Bild ohne Vorschau, von einer Art, die noch nicht gelesen werden kann.</translation>
        </message>
        <message>
            <source>This is a TIFF picture of a kind that cannot be read yet.</source>
            <translation>Das ist ein TIFF-Bild von einer Art, die noch nicht gelesen werden kann.</translation>
        </message>
        <message>
            <source>a BigTIFF picture</source>
            <translation>ein BigTIFF-Bild</translation>
        </message>
        <message>
            <source>a DjVu document</source>
            <translation>ein DjVu-Dokument</translation>
        </message>
        <message>
            <source>indexing was interrupted</source>
            <translation>das Indexieren wurde unterbrochen</translation>
        </message>
        <message>
            <source>Give the path of a folder, in UTF-8.</source>
            <translation>Gib den Pfad eines Ordners an, in UTF-8.</translation>
        </message>
        <message>
            <source>Set {0} to a folder that can be written.</source>
            <translation>Setze {0} auf einen Ordner, der beschrieben werden kann.</translation>
        </message>
        <message>
            <source>The folder {0} for Semblance&apos;s own files cannot be made ({1}).</source>
            <translation>Der Ordner {0} für die eigenen Dateien von Semblance kann nicht angelegt werden ({1}).</translation>
        </message>
        <message>
            <source>{0} names no folder that can be used: {1}.</source>
            <translation>{0} nennt keinen Ordner, der verwendet werden kann: {1}.</translation>
        </message>
        <message>
            <source>The settings file is not valid TOML: {0}.</source>
            <translation>Die Datei mit den Einstellungen ist kein gültiges TOML: {0}.</translation>
        </message>
        <message>
            <source>The vocabulary file {0} could not be read ({1}); the shipped one is used.</source>
            <translation>Die Datei mit dem Wortschatz {0} konnte nicht gelesen werden ({1}); der mitgelieferte gilt.</translation>
        </message>
        <message>
            <source>The vocabulary {0} could not be read ({1}).</source>
            <translation>Der Wortschatz {0} konnte nicht gelesen werden ({1}).</translation>
        </message>
        <message>
            <source>The vocabulary {0} holds no label.</source>
            <translation>Der Wortschatz {0} enthält kein Schlagwort.</translation>
        </message>
        <message>
            <source>The vocabulary {0} is not valid TOML: {1}.</source>
            <translation>Der Wortschatz {0} ist kein gültiges TOML: {1}.</translation>
        </message>
        <message>
            <source>The weight {0} is out of bounds.</source>
            <translation>Das Gewicht {0} ist außerhalb der Grenzen.</translation>
        </message>
        <message>
            <source>There are more folders than may be watched, so changes are found by looking every few minutes.</source>
            <translation>Es sind mehr Ordner, als beobachtet werden dürfen; deshalb wird alle paar Minuten nach Änderungen gesehen.</translation>
        </message>
        <message>
            <source>There is no model to search with.</source>
            <translation>Es gibt kein Modell, mit dem gesucht werden könnte.</translation>
        </message>
        <message>
            <source>This kind of file is not searched.</source>
            <translation>Diese Art von Datei wird nicht durchsucht.</translation>
        </message>
        <message>
            <source>To raise the limit: {0}</source>
            <translation>So wird die Grenze angehoben: {0}</translation>
        </message>
        <message>
            <source>Too many programs watch files, so changes are found by looking every few minutes.</source>
            <translation>Zu viele Programme beobachten Dateien; deshalb wird alle paar Minuten nach Änderungen gesehen.</translation>
        </message>
        <message>
            <source>Type a name and try again.</source>
            <translation>Gib einen Namen ein und versuche es noch einmal.</translation>
        </message>
        <message>
            <source>Update Semblance to go on with them.</source>
            <translation>Aktualisiere Semblance, um mit ihnen weiterzuarbeiten.</translation>
        </message>
        <message>
            <source>Update Semblance, or delete the folder {0} to have it built anew.</source>
            <translation>Aktualisiere Semblance, oder lösche den Ordner {0}, damit er neu aufgebaut wird.</translation>
        </message>
        <message>
            <source>Wait until it is loaded.</source>
            <translation>Warte, bis es geladen ist.</translation>
        </message>
        <message>
            <source>Weights go from 0.1 to {0}, or below zero to subtract.</source>
            <translation>Gewichte gehen von 0.1 bis {0}, oder unter null zum Abziehen.</translation>
        </message>
        <message>
            <source>Words are still found; the index is made anew the next time files are indexed.</source>
            <translation>Wörter werden weiterhin gefunden; der Index wird neu gemacht, wenn das nächste Mal Dateien erfasst werden.</translation>
        </message>
        <message>
            <source>Write for example {0}.</source>
            <translation>Schreibe zum Beispiel {0}.</translation>
        </message>
        <message>
            <source>Write one label a line, or a TOML vocabulary.</source>
            <translation>Schreibe ein Schlagwort je Zeile, oder einen Wortschatz in TOML.</translation>
        </message>
        <message>
            <source>Your tags in {0} could not be opened ({1}).</source>
            <translation>Deine Schlagwörter in {0} konnten nicht geöffnet werden ({1}).</translation>
        </message>
        <message>
            <source>Your tags were damaged and have been restored from their backup.</source>
            <translation>Deine Schlagwörter waren beschädigt und wurden aus ihrer Sicherung wiederhergestellt.</translation>
        </message>
        <message>
            <source>Your tags were damaged and no backup was found; the damaged file was kept beside the new one.</source>
            <translation>Deine Schlagwörter waren beschädigt, und es gab keine Sicherung; die beschädigte Datei liegt noch neben der neuen.</translation>
        </message>
        <message>
            <source>Your tags were written by a newer version of Semblance.</source>
            <translation>Deine Schlagwörter wurden von einer neueren Version von Semblance geschrieben.</translation>
        </message>
        <message>
            <source>Your vocabulary could not be changed, because {0} cannot be read ({1}).</source>
            <translation>Dein Wortschatz konnte nicht geändert werden, weil {0} nicht lesbar ist ({1}).</translation>
        </message>
        <message>
            <source>a list of texts</source>
            <translation>eine Liste von Texten</translation>
        </message>
        <message>
            <source>a whole number from {0} to {1}</source>
            <translation>eine ganze Zahl von {0} bis {1}</translation>
        </message>
        <message>
            <source>added</source>
            <translation>hinzugefügt</translation>
        </message>
        <message>
            <source>confirmed</source>
            <translation>bestätigt</translation>
        </message>
        <message>
            <source>file</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>files</source>
            <translation>Dateien</translation>
        </message>
        <message>
            <source>it takes a city, or latitude and longitude, and may take a radius</source>
            <translation>es braucht eine Stadt oder Breite und Länge, und auf Wunsch einen Umkreis</translation>
        </message>
        <message>
            <source>no city of that name is known</source>
            <translation>keine Stadt dieses Namens ist bekannt</translation>
        </message>
        <message>
            <source>no folder of that name is searched</source>
            <translation>kein Ordner dieses Namens wird durchsucht</translation>
        </message>
        <message>
            <source>one of {0}</source>
            <translation>eines von {0}</translation>
        </message>
        <message>
            <source>rejected</source>
            <translation>verworfen</translation>
        </message>
        <message>
            <source>removed</source>
            <translation>entfernt</translation>
        </message>
        <message>
            <source>that is no date, or one that can be read in two ways</source>
            <translation>das ist kein Datum, oder eines, das sich auf zwei Arten lesen lässt</translation>
        </message>
        <message>
            <source>that is no size</source>
            <translation>das ist keine Größe</translation>
        </message>
        <message>
            <source>there are photos and documents</source>
            <translation>es gibt Fotos und Dokumente</translation>
        </message>
        <message>
            <source>there is no such place</source>
            <translation>diesen Ort gibt es nicht</translation>
        </message>
        <message>
            <source>true or false</source>
            <translation>wahr oder falsch</translation>
        </message>
        <message>
            <source>{0} (at character {1}).</source>
            <translation>{0} (bei Zeichen {1}).</translation>
        </message>
        <message>
            <source>{0} could not be written ({1}).</source>
            <translation>{0} konnte nicht geschrieben werden ({1}).</translation>
        </message>
        <message>
            <source>{0} is a file, not a folder.</source>
            <translation>{0} ist eine Datei, kein Ordner.</translation>
        </message>
        <message>
            <source>{0} is not watched.</source>
            <translation>{0} wird nicht beobachtet.</translation>
        </message>
        <message>
            <source>{0} “{1}” on {2} {3}</source>
            <translation>„{1}“ bei {2} {3} {0}</translation>
        </message>
        <message>
            <source>“semblance folders” lists those that are.</source>
            <translation>„semblance folders“ zeigt, welche es sind.</translation>
        </message>
        <message>
            <source>“{0}:” cannot be excluded.</source>
            <translation>„{0}:“ kann nicht ausgeschlossen werden.</translation>
        </message>
        <message>
            <source>“{0}” in the settings file must be {1}; the default is used.</source>
            <translation>„{0}“ in den Einstellungen muss {1} sein; es gilt die Vorgabe.</translation>
        </message>
        <message>
            <source>“{0}” in the vocabulary file must be a table; it is left out.</source>
            <translation>„{0}“ in der Datei mit dem Wortschatz muss eine Tabelle sein und wird weggelassen.</translation>
        </message>
        <message>
            <source>“{0}” in the vocabulary file {1}; it is left out.</source>
            <translation>„{0}“ in der Datei mit dem Wortschatz {1} und wird weggelassen.</translation>
        </message>
        <message>
            <source>A checkpoint alone does not say which architecture it is of.</source>
            <translation>Eine Datei mit Gewichten allein sagt nicht, zu welcher Architektur sie gehört.</translation>
        </message>
        <message>
            <source>A convolutional network; good at finding photographs by long descriptions.</source>
            <translation>Ein Faltungsnetz; findet Fotos gut nach langen Beschreibungen.</translation>
        </message>
        <message>
            <source>A little better than the default in English; indexing takes more than twice as long.</source>
            <translation>Auf Englisch etwas besser als die Vorgabe; das Erfassen dauert mehr als doppelt so lange.</translation>
        </message>
        <message>
            <source>Another Semblance has been preparing a model for half an hour.</source>
            <translation>Ein anderes Semblance bereitet seit einer halben Stunde ein Modell vor.</translation>
        </message>
        <message>
            <source>Asking the model hub</source>
            <translation>Der Modellspeicher wird gefragt</translation>
        </message>
        <message>
            <source>Asking the original for comparison</source>
            <translation>Das Original wird zum Vergleich gefragt</translation>
        </message>
        <message>
            <source>Better finds and many languages at nearly the same speed, for a larger download.</source>
            <translation>Findet besser und versteht viele Sprachen, bei fast gleicher Geschwindigkeit und größerem Download.</translation>
        </message>
        <message>
            <source>Clearly better in English, for a fast machine or a small library; ten times the work.</source>
            <translation>Auf Englisch deutlich besser, für einen schnellen Rechner oder eine kleine Sammlung; zehnmal so viel Arbeit.</translation>
        </message>
        <message>
            <source>Converting the image tower</source>
            <translation>Der Bildteil wird umgewandelt</translation>
        </message>
        <message>
            <source>Converting the text tower</source>
            <translation>Der Textteil wird umgewandelt</translation>
        </message>
        <message>
            <source>Converting the encoder</source>
            <translation>Der Encoder wird umgewandelt</translation>
        </message>
        <message>
            <source>Finds passages of English documents by what they say, much better than a picture model does.</source>
            <translation>Findet Stellen in englischen Dokumenten nach dem, was sie sagen, viel besser als ein Bildmodell.</translation>
        </message>
        <message>
            <source>Passages go on being encoded by the model itself.</source>
            <translation>Textstellen liest weiterhin das Modell selbst.</translation>
        </message>
        <message>
            <source>Please choose a larger model, or switch it off with `semblance model passages off`.</source>
            <translation>Wähle ein größeres Modell, oder schalte ihn mit `semblance model passages off` ab.</translation>
        </message>
        <message>
            <source>Please choose one of: {0}.</source>
            <translation>Wähle einen von diesen: {0}.</translation>
        </message>
        <message>
            <source>Please install them again.</source>
            <translation>Installiere sie noch einmal.</translation>
        </message>
        <message>
            <source>Please run `semblance model passages use {0}`.</source>
            <translation>Führe `semblance model passages use {0}` aus.</translation>
        </message>
        <message>
            <source>Please run `{0}` in Semblance&apos;s environment, and try again.</source>
            <translation>Führe `{0}` in der Umgebung von Semblance aus und versuche es noch einmal.</translation>
        </message>
        <message>
            <source>Please run `{0}` to install it again.</source>
            <translation>Führe `{0}` aus, um ihn neu zu installieren.</translation>
        </message>
        <message>
            <source>Reading the encoder</source>
            <translation>Der Encoder wird gelesen</translation>
        </message>
        <message>
            <source>The encoder {0} cannot be used on this machine ({1}).</source>
            <translation>Der Encoder {0} kann auf diesem Rechner nicht verwendet werden ({1}).</translation>
        </message>
        <message>
            <source>The encoder {0} for passages cannot be read.</source>
            <translation>Der Encoder {0} für Textstellen kann nicht gelesen werden.</translation>
        </message>
        <message>
            <source>The encoder {0} is not installed: its package is missing.</source>
            <translation>Der Encoder {0} ist nicht installiert: sein Paket fehlt.</translation>
        </message>
        <message>
            <source>The encoder {0}, with which passages were indexed, is not there any more.</source>
            <translation>Der Encoder {0}, mit dem die Textstellen indexiert wurden, ist nicht mehr da.</translation>
        </message>
        <message>
            <source>The weights in {0} cannot be loaded ({1}).</source>
            <translation>Die Gewichte in {0} können nicht geladen werden ({1}).</translation>
        </message>
        <message>
            <source>There is no encoder called {0} for passages.</source>
            <translation>Es gibt keinen Encoder für Textstellen, der {0} heißt.</translation>
        </message>
        <message>
            <source>{0} needs vectors of {1} numbers, and those of this model have {2}.</source>
            <translation>{0} braucht Vektoren aus {1} Zahlen, und die dieses Modells haben {2}.</translation>
        </message>
        <message>
            <source>Downloading {0}</source>
            <translation>{0} wird geladen</translation>
        </message>
        <message>
            <source>English</source>
            <translation>Englisch</translation>
        </message>
        <message>
            <source>Fetch the checkpoint on another machine, then run `semblance model use /path/to/checkpoint --architecture {architecture}`.</source>
            <translation>Lade das Modell auf einem anderen Rechner, dann führe `semblance model use /path/to/checkpoint --architecture {architecture}` aus.</translation>
        </message>
        <message>
            <source>Its tokenizer has no light form, so this model runs on PyTorch.</source>
            <translation>Sein Tokenizer hat keine leichte Form, deshalb läuft dieses Modell mit PyTorch.</translation>
        </message>
        <message>
            <source>Many languages under the MIT licence.</source>
            <translation>Viele Sprachen unter der MIT-Lizenz.</translation>
        </message>
        <message>
            <source>Measuring PyTorch</source>
            <translation>PyTorch wird gemessen</translation>
        </message>
        <message>
            <source>No connection to {0}.</source>
            <translation>Keine Verbindung zu {0}.</translation>
        </message>
        <message>
            <source>No model is installed yet.</source>
            <translation>Es ist noch kein Modell installiert.</translation>
        </message>
        <message>
            <source>Nothing was downloaded.</source>
            <translation>Es wurde nichts geladen.</translation>
        </message>
        <message>
            <source>Please add --architecture, for example `--architecture ViT-B-32-256`.</source>
            <translation>Gib --architecture an, zum Beispiel `--architecture ViT-B-32-256`.</translation>
        </message>
        <message>
            <source>Please check --architecture, or install the model again with `semblance model download`.</source>
            <translation>Prüfe --architecture, oder installiere das Modell neu mit `semblance model download`.</translation>
        </message>
        <message>
            <source>Please choose another device in the settings, or run `semblance model benchmark` to have it tried.</source>
            <translation>Wähle in den Einstellungen ein anderes Gerät, oder führe `semblance model benchmark` aus, damit es erprobt wird.</translation>
        </message>
        <message>
            <source>Please choose another model.</source>
            <translation>Wähle ein anderes Modell.</translation>
        </message>
        <message>
            <source>Please choose one that `semblance model list` shows.</source>
            <translation>Wähle eines, das `semblance model list` zeigt.</translation>
        </message>
        <message>
            <source>Please close it and try again.</source>
            <translation>Schließe es und versuche es noch einmal.</translation>
        </message>
        <message>
            <source>Please close other Semblance windows, and check the permissions of {0}.</source>
            <translation>Schließe andere Fenster von Semblance und prüfe die Rechte von {0}.</translation>
        </message>
        <message>
            <source>Please download it again; if that does not help, {0}</source>
            <translation>Lade es noch einmal; wenn das nicht hilft: {0}</translation>
        </message>
        <message>
            <source>Please free some space, or set SEMBLANCE_HOME to a folder on a larger drive.</source>
            <translation>Schaffe etwas Platz, oder lege SEMBLANCE_HOME in einen Ordner auf einem größeren Laufwerk.</translation>
        </message>
        <message>
            <source>Please give a file ending in {0}.</source>
            <translation>Gib eine Datei an, die auf {0} endet.</translation>
        </message>
        <message>
            <source>Please install the model again with `semblance model download`.</source>
            <translation>Installiere das Modell neu mit `semblance model download`.</translation>
        </message>
        <message>
            <source>Please put tokenizer.json and tokenizer_config.json of that repository beside it.</source>
            <translation>Lege tokenizer.json und tokenizer_config.json aus dieser Quelle daneben.</translation>
        </message>
        <message>
            <source>Please run `semblance model download ViT-B-32-256` once; search by words works without it.</source>
            <translation>Führe einmal `semblance model download ViT-B-32-256` aus; nach Wörtern suchen geht auch ohne.</translation>
        </message>
        <message>
            <source>Please run `semblance model download {0}` first.</source>
            <translation>Führe zuerst `semblance model download {0}` aus.</translation>
        </message>
        <message>
            <source>Please run `semblance model list` to see which are, and which can be downloaded.</source>
            <translation>Rufe `semblance model list` auf: es zeigt, welche es sind und welche heruntergeladen werden können.</translation>
        </message>
        <message>
            <source>Please use a safetensors file, or a checkpoint that holds nothing but weights.</source>
            <translation>Nimm eine Safetensors-Datei, oder eine Datei, die nichts als Gewichte enthält.</translation>
        </message>
        <message>
            <source>Please use one of {0}.</source>
            <translation>Nimm eines von {0}.</translation>
        </message>
        <message>
            <source>Reading the model</source>
            <translation>Das Modell wird gelesen</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>Say yes, or pass --yes, to fetch the model.</source>
            <translation>Sag ja, oder gib --yes an, um das Modell zu laden.</translation>
        </message>
        <message>
            <source>Sees finer detail in many languages; indexing takes about three times as long.</source>
            <translation>Sieht feinere Einzelheiten, in vielen Sprachen; das Erfassen dauert etwa dreimal so lange.</translation>
        </message>
        <message>
            <source>The best balance of speed and quality for a library in English.</source>
            <translation>Der beste Ausgleich von Tempo und Güte für eine Sammlung auf Englisch.</translation>
        </message>
        <message>
            <source>The classic; a little faster and a little less exact than the default.</source>
            <translation>Der Klassiker; etwas schneller und etwas ungenauer als die Vorgabe.</translation>
        </message>
        <message>
            <source>The model hub has no {0} for us (HTTP {1}).</source>
            <translation>Der Modellspeicher hat kein {0} für uns (HTTP {1}).</translation>
        </message>
        <message>
            <source>The model needs {0} MB, and {1} has not that much room.</source>
            <translation>Das Modell braucht {0} MB, und so viel Platz hat {1} nicht.</translation>
        </message>
        <message>
            <source>The model {0} is not installed.</source>
            <translation>Das Modell {0} ist nicht installiert.</translation>
        </message>
        <message>
            <source>The model&apos;s files in {0} cannot be written.</source>
            <translation>Die Dateien des Modells in {0} können nicht geschrieben werden.</translation>
        </message>
        <message>
            <source>The weights in {0} cannot be loaded into this architecture ({1}).</source>
            <translation>Die Gewichte in {0} passen nicht zu dieser Architektur ({1}).</translation>
        </message>
        <message>
            <source>There is no device called {0}.</source>
            <translation>Ein Gerät namens {0} gibt es nicht.</translation>
        </message>
        <message>
            <source>There is no installed model and no file called {0}.</source>
            <translation>Es gibt weder ein installiertes Modell noch eine Datei namens {0}.</translation>
        </message>
        <message>
            <source>There is no model called {0}.</source>
            <translation>Ein Modell namens {0} gibt es nicht.</translation>
        </message>
        <message>
            <source>This architecture cannot be converted, so it runs on PyTorch.</source>
            <translation>Diese Architektur lässt sich nicht umwandeln, deshalb läuft sie mit PyTorch.</translation>
        </message>
        <message>
            <source>This machine has no usable {0} device.</source>
            <translation>Dieser Rechner hat kein brauchbares Gerät {0}.</translation>
        </message>
        <message>
            <source>This model needs the tokenizer of {0}, and there is none beside the checkpoint.</source>
            <translation>Dieses Modell braucht den Tokenizer von {0}, und neben den Gewichten liegt keiner.</translation>
        </message>
        <message>
            <source>This model wants pictures that are not square.</source>
            <translation>Dieses Modell will Bilder, die nicht quadratisch sind.</translation>
        </message>
        <message>
            <source>Trying int8</source>
            <translation>int8 wird versucht</translation>
        </message>
        <message>
            <source>Trying {0} ({1})</source>
            <translation>{0} ({1}) wird versucht</translation>
        </message>
        <message>
            <source>Trying {0}</source>
            <translation>{0} wird versucht</translation>
        </message>
        <message>
            <source>about 100 languages</source>
            <translation>etwa 100 Sprachen</translation>
        </message>
        <message>
            <source>{0} arrived damaged: its checksum is not the one the model hub publishes.</source>
            <translation>{0} kam beschädigt an: Die Prüfsumme ist nicht die, die der Modellspeicher nennt.</translation>
        </message>
        <message>
            <source>{0} could not be reached ({1}).</source>
            <translation>{0} war nicht zu erreichen ({1}).</translation>
        </message>
        <message>
            <source>{0} did not answer like a model hub.</source>
            <translation>{0} hat nicht wie ein Modellspeicher geantwortet.</translation>
        </message>
        <message>
            <source>{0} holds no open_clip weights.</source>
            <translation>{0} enthält keine Gewichte von open_clip.</translation>
        </message>
        <message>
            <source>{0} holds no readable open_clip configuration ({1}).</source>
            <translation>{0} enthält keine lesbare Konfiguration von open_clip ({1}).</translation>
        </message>
        <message>
            <source>{0} holds no weights.</source>
            <translation>{0} enthält keine Gewichte.</translation>
        </message>
        <message>
            <source>{0} is not a checkpoint.</source>
            <translation>{0} ist keine Datei mit Gewichten.</translation>
        </message>
        <message>
            <source>{0} is not a plain file of weights, and opening it could run a program hidden in it.</source>
            <translation>{0} enthält mehr als nur Gewichte; sie zu öffnen könnte ein darin verstecktes Programm starten.</translation>
        </message>
        <message>
            <source>Check whether the file is in use or its drive is read-only.</source>
            <translation>Sieh nach, ob die Datei gerade benutzt wird oder ihr Laufwerk schreibgeschützt ist.</translation>
        </message>
        <message>
            <source>Connect its drive, or let Semblance look for changes under Folders and indexing.</source>
            <translation>Schließe ihr Laufwerk an, oder lass Semblance unter „Ordner und Indexierung“ nach Änderungen suchen.</translation>
        </message>
        <message>
            <source>Connect its drive, or look whether it was moved.</source>
            <translation>Schließe ihr Laufwerk an, oder sieh nach, ob sie verschoben wurde.</translation>
        </message>
        <message>
            <source>Remove it by hand.</source>
            <translation>Entferne sie von Hand.</translation>
        </message>
        <message>
            <source>Save it to a file and drop that file.</source>
            <translation>Sichere es in einer Datei und ziehe diese herein.</translation>
        </message>
        <message>
            <source>Save the picture to a file and drop that file.</source>
            <translation>Sichere das Bild in einer Datei und ziehe diese herein.</translation>
        </message>
        <message>
            <source>The address is not one of the web.</source>
            <translation>Die Adresse ist keine des Webs.</translation>
        </message>
        <message>
            <source>The pasted picture could not be read.</source>
            <translation>Das eingefügte Bild konnte nicht gelesen werden.</translation>
        </message>
        <message>
            <source>The picture could not be fetched ({0}).</source>
            <translation>Das Bild konnte nicht geholt werden ({0}).</translation>
        </message>
        <message>
            <source>What the address holds is not a picture.</source>
            <translation>Unter der Adresse liegt kein Bild.</translation>
        </message>
        <message>
            <source>another program is using it</source>
            <translation>ein anderes Programm benutzt sie gerade</translation>
        </message>
        <message>
            <source>it is a folder</source>
            <translation>das ist ein Ordner</translation>
        </message>
        <message>
            <source>it is no text in UTF-8</source>
            <translation>das ist kein Text in UTF-8</translation>
        </message>
        <message>
            <source>it is not there</source>
            <translation>nicht vorhanden</translation>
        </message>
        <message>
            <source>its links lead in a circle</source>
            <translation>die Verknüpfungen führen im Kreis</translation>
        </message>
        <message>
            <source>no permission</source>
            <translation>keine Berechtigung</translation>
        </message>
        <message>
            <source>the drive does not answer</source>
            <translation>das Laufwerk antwortet nicht</translation>
        </message>
        <message>
            <source>the drive is full</source>
            <translation>das Laufwerk ist voll</translation>
        </message>
        <message>
            <source>the drive is read-only</source>
            <translation>das Laufwerk ist schreibgeschützt</translation>
        </message>
        <message>
            <source>the drive reports a fault</source>
            <translation>das Laufwerk meldet einen Fehler</translation>
        </message>
        <message>
            <source>the name is too long</source>
            <translation>der Name ist zu lang</translation>
        </message>
        <message>
            <source>the network drive is not connected</source>
            <translation>das Netzlaufwerk ist nicht verbunden</translation>
        </message>
        <message>
            <source>too many files are open</source>
            <translation>zu viele Dateien sind geöffnet</translation>
        </message>
        <message>
            <source>{0} cannot be reached.</source>
            <translation>{0} ist nicht erreichbar.</translation>
        </message>
        <message>
            <source>{0} could not be moved to the trash ({1}); {2} of {3} were moved.</source>
            <translation>{0} konnte nicht in den Papierkorb verschoben werden ({1}); {2} von {3} wurden verschoben.</translation>
        </message>
        <message>
            <source>{0} could not be removed ({1}).</source>
            <translation>{0} konnte nicht entfernt werden ({1}).</translation>
        </message>
        <message>
            <source>{0} is not there any more.</source>
            <translation>{0} ist nicht mehr da.</translation>
        </message>
        <message>
            <source>no file is as large as that</source>
            <translation>so groß ist keine Datei</translation>
        </message>
        <message>
            <source>no format of that name or ending is read</source>
            <translation>kein Format mit diesem Namen oder dieser Endung wird gelesen</translation>
        </message>
        <message>
            <source>ratings go from 1 to 5 stars</source>
            <translation>Bewertungen gehen von 1 bis 5 Sternen</translation>
        </message>
        <message>
            <source>“{0}” is not understood, {1}.</source>
            <translation>„{0}“ ist nicht verständlich: {1}.</translation>
        </message>
        <message>
            <source>“{0}” needs a value.</source>
            <translation>„{0}“ braucht einen Wert.</translation>
        </message>
        <message>
            <source>Nothing stands out for “{0}”.</source>
            <translation>Für „{0}“ sticht nichts hervor.</translation>
        </message>
        <message>
            <source>The model {0} does not read {1}; {2} does.</source>
            <translation>Das Modell {0} versteht kein {1}, {2} schon.</translation>
        </message>
        <message>
            <source>Arabic</source>
            <translation>Arabisch</translation>
        </message>
        <message>
            <source>Chinese</source>
            <translation>Chinesisch</translation>
        </message>
        <message>
            <source>Dutch</source>
            <translation>Niederländisch</translation>
        </message>
        <message>
            <source>French</source>
            <translation>Französisch</translation>
        </message>
        <message>
            <source>German</source>
            <translation>Deutsch</translation>
        </message>
        <message>
            <source>Greek</source>
            <translation>Griechisch</translation>
        </message>
        <message>
            <source>Hebrew</source>
            <translation>Hebräisch</translation>
        </message>
        <message>
            <source>Hindi</source>
            <translation>Hindi</translation>
        </message>
        <message>
            <source>Italian</source>
            <translation>Italienisch</translation>
        </message>
        <message>
            <source>Japanese</source>
            <translation>Japanisch</translation>
        </message>
        <message>
            <source>Korean</source>
            <translation>Koreanisch</translation>
        </message>
        <message>
            <source>Polish</source>
            <translation>Polnisch</translation>
        </message>
        <message>
            <source>Portuguese</source>
            <translation>Portugiesisch</translation>
        </message>
        <message>
            <source>Russian</source>
            <translation>Russisch</translation>
        </message>
        <message>
            <source>Spanish</source>
            <translation>Spanisch</translation>
        </message>
        <message>
            <source>Thai</source>
            <translation>Thailändisch</translation>
        </message>
        <message>
            <source>Turkish</source>
            <translation>Türkisch</translation>
        </message>
        <message>
            <source>Ukrainian</source>
            <translation>Ukrainisch</translation>
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
            <source>Rename the saved search</source>
            <translation>Gespeicherte Suche umbenennen</translation>
        </message>
        <message>
            <source>My search</source>
            <translation>Meine Suche</translation>
        </message>
    </context>
    <context>
        <name>SearchBar</name>
        <message>
            <source>Keep these words and add others (Shift+Enter)</source>
            <translation>Diese Worte behalten und andere hinzufügen (Umschalt+Eingabe)</translation>
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
        <name>SearchLine</name>
        <message>
            <source>Search</source>
            <translation>Suche</translation>
        </message>
        <message>
            <source>Search by meaning, or drop a picture</source>
            <translation>Nach Bedeutung suchen, oder ein Bild hereinziehen</translation>
        </message>
        <message>
            <source>Recent searches</source>
            <translation>Letzte Suchen</translation>
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
            <source>Exclude</source>
            <translation>Ausschließen</translation>
        </message>
        <message>
            <source>Names or patterns of files and folders that are not searched, as in a .gitignore file.</source>
            <translation>Namen oder Muster von Dateien und Ordnern, die nicht durchsucht werden, wie in einer .gitignore-Datei.</translation>
        </message>
        <message>
            <source>Intel GPU</source>
            <translation>Intel-Grafikeinheit</translation>
        </message>
        <message>
            <source>Intel NPU</source>
            <translation>Intel-NPU</translation>
        </message>
        <message>
            <source>Apple Core ML</source>
            <translation>Apple Core ML</translation>
        </message>
        <message>
            <source>DirectML</source>
            <translation>DirectML</translation>
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
            <source>Passages of documents</source>
            <translation>Textstellen in Dokumenten</translation>
        </message>
        <message>
            <source>Which encoder reads the text of documents. One made for text finds documents much better, but only in English; the index is rebuilt meanwhile.</source>
            <translation>Welcher Encoder den Text von Dokumenten liest. Einer, der für Text gemacht ist, findet Dokumente viel besser, aber nur auf Englisch; der Index wird währenddessen neu aufgebaut.</translation>
        </message>
        <message>
            <source>How certain a result must be to be shown: 0 shows nearly everything, 100 only the most certain ones.</source>
            <translation>Wie sicher ein Treffer sein muss, um gezeigt zu werden: 0 zeigt fast alles, 100 nur die sichersten.</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>Farbschema</translation>
        </message>
        <message>
            <source>Background</source>
            <translation>Hintergrund</translation>
        </message>
        <message>
            <source>Use fewer cores while I work</source>
            <translation>Weniger Kerne nutzen, während ich arbeite</translation>
        </message>
        <message>
            <source>Indexing takes longer; the computer stays fast.</source>
            <translation>Das Indexieren dauert länger; der Rechner bleibt schnell.</translation>
        </message>
        <message>
            <source>Start when I log in</source>
            <translation>Bei der Anmeldung starten</translation>
        </message>
        <message>
            <source>Watch the folders in the background.</source>
            <translation>Die Ordner im Hintergrund überwachen.</translation>
        </message>
        <message>
            <source>Nothing is written until you confirm.</source>
            <translation>Geschrieben wird nichts, bevor du bestätigst.</translation>
        </message>
        <message>
            <source>The model itself</source>
            <translation>Das Modell selbst</translation>
        </message>
        <message>
            <source>all-MiniLM-L6-v2</source>
            <translation>all-MiniLM-L6-v2</translation>
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
            <source>Language</source>
            <translation>Sprache</translation>
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
            <source>Pause on battery</source>
            <translation>Im Akkubetrieb anhalten</translation>
        </message>
        <message>
            <source>Index only while the computer is plugged in.</source>
            <translation>Nur am Netz erfassen.</translation>
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
            <source>Stored in {file}</source>
            <translation>Gespeichert in {file}</translation>
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
            <source>Rename…</source>
            <translation>Umbenennen …</translation>
        </message>
        <message>
            <source>Update to the search on screen</source>
            <translation>Durch die Suche auf dem Schirm ersetzen</translation>
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
            <source>Checking for changes</source>
            <translation>Prüft auf Änderungen</translation>
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
            <source>Another Semblance is indexing</source>
            <translation>Ein anderes Semblance erfasst Dateien</translation>
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
        <name>TagBrowser</name>
        <message>
            <source>Find a tag</source>
            <translation>Schlagwort suchen</translation>
        </message>
        <message>
            <source>My tags</source>
            <translation>Meine Schlagwörter</translation>
        </message>
        <message>
            <source>Tag</source>
            <translation>Schlagwort</translation>
        </message>
        <message>
            <source>Files</source>
            <translation>Dateien</translation>
        </message>
        <message>
            <source>Columns</source>
            <translation>Spalten</translation>
        </message>
        <message>
            <source>No file has a tag yet. Confirm a proposal, or press Ctrl+T on files.</source>
            <translation>Noch hat keine Datei ein Schlagwort. Bestätige einen Vorschlag, oder drücke Strg+T auf Dateien.</translation>
        </message>
        <message>
            <source>Show files</source>
            <translation>Dateien zeigen</translation>
        </message>
        <message>
            <source>Rename…</source>
            <translation>Umbenennen …</translation>
        </message>
        <message>
            <source>Delete…</source>
            <translation>Löschen …</translation>
        </message>
        <message>
            <source>Rename the tag</source>
            <translation>Schlagwort umbenennen</translation>
        </message>
        <message>
            <source>Name:</source>
            <translation>Name:</translation>
        </message>
        <message>
            <source>Delete the tag “{tag}”?</source>
            <translation>Das Schlagwort „{tag}“ löschen?</translation>
        </message>
        <message>
            <source>It is taken off all files. The files themselves stay as they are.</source>
            <translation>Es wird allen Dateien genommen. Die Dateien selbst bleiben, wie sie sind.</translation>
        </message>
        <message>
            <source>Delete the tag</source>
            <translation>Schlagwort löschen</translation>
        </message>
    </context>
    <context>
        <name>TaggingPage</name>
        <message>
            <source>Tags</source>
            <translation>Schlagwörter</translation>
        </message>
        <message>
            <source>My tags</source>
            <translation>Meine Schlagwörter</translation>
        </message>
        <message>
            <source>Vocabulary</source>
            <translation>Wortschatz</translation>
        </message>
        <message>
            <source>Proposals</source>
            <translation>Vorschläge</translation>
        </message>
    </context>
    <context>
        <name>TextSheet</name>
        <message>
            <source>Text</source>
            <translation>Text</translation>
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
        <name>UndoHistory</name>
        <message>
            <source>There is nothing to undo.</source>
            <translation>Es gibt nichts rückgängig zu machen.</translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) taken back from the trash</source>
            <translation>
                <numerusform>%Ln Datei aus dem Papierkorb zurückgeholt</numerusform>
                <numerusform>%Ln Dateien aus dem Papierkorb zurückgeholt</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>VocabularyEditor</name>
        <message>
            <source>Vocabulary</source>
            <translation>Wortschatz</translation>
        </message>
        <message>
            <source>Find a tag</source>
            <translation>Schlagwort suchen</translation>
        </message>
        <message>
            <source>New tag</source>
            <translation>Neues Schlagwort</translation>
        </message>
        <message>
            <source>Tag</source>
            <translation>Schlagwort</translation>
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
            <source>Write two to four short sentences, one per line, that describe a picture that should get the tag. They are what pictures are compared with.</source>
            <translation>Schreib zwei bis vier kurze Sätze, je Zeile einen, die ein Bild beschreiben, das das Schlagwort bekommen soll. Mit ihnen werden die Bilder verglichen.</translation>
        </message>
        <message>
            <source>My tags</source>
            <translation>Meine Schlagwörter</translation>
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
            <source>“{label}” is saved; it is proposed as the files are looked through again.</source>
            <translation>„{label}“ ist gespeichert; es wird vorgeschlagen, sobald die Dateien neu durchgesehen sind.</translation>
        </message>
    </context>
    <context>
        <name>Window</name>
        <message>
            <source>Semblance, sample files</source>
            <translation>Semblance, Beispieldateien</translation>
        </message>
    </context>
</TS>
