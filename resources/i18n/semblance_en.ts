<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
    <context>
        <name>Counted</name>
        <message numerus="yes">
            <source>%Ln photo(s)</source>
            <translation>
                <numerusform>%Ln photo</numerusform>
                <numerusform>%Ln photos</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln document(s)</source>
            <translation>
                <numerusform>%Ln document</numerusform>
                <numerusform>%Ln documents</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln minute(s) left</source>
            <translation>
                <numerusform>%Ln minute left</numerusform>
                <numerusform>%Ln minutes left</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln hour(s) left</source>
            <translation>
                <numerusform>%Ln hour left</numerusform>
                <numerusform>%Ln hours left</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) failed; each says why and what to do.</source>
            <translation>
                <numerusform>%Ln file failed; each says why and what to do.</numerusform>
                <numerusform>%Ln files failed; each says why and what to do.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) are still to be indexed.</source>
            <translation>
                <numerusform>%Ln file is still to be indexed.</numerusform>
                <numerusform>%Ln files are still to be indexed.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln less certain result(s) are hidden.</source>
            <translation>
                <numerusform>%Ln less certain result is hidden.</numerusform>
                <numerusform>%Ln less certain results are hidden.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Details</name>
        <message numerus="yes">
            <source>%Ln file(s) selected</source>
            <translation>
                <numerusform>%Ln file selected</numerusform>
                <numerusform>%Ln files selected</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Failures</name>
        <message numerus="yes">
            <source>and %Ln more</source>
            <translation>
                <numerusform>and %Ln more</numerusform>
                <numerusform>and %Ln more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>FileActions</name>
        <message numerus="yes">
            <source>%Ln file(s) copied</source>
            <translation>
                <numerusform>%Ln file copied</numerusform>
                <numerusform>%Ln files copied</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln path(s) copied</source>
            <translation>
                <numerusform>%Ln path copied</numerusform>
                <numerusform>%Ln paths copied</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Tag for %Ln file(s):</source>
            <translation>
                <numerusform>Tag for %Ln file:</numerusform>
                <numerusform>Tag for %Ln files:</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Move %Ln file(s) to the {trash}?</source>
            <translation>
                <numerusform>Move %Ln file to the {trash}?</numerusform>
                <numerusform>Move %Ln files to the {trash}?</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) moved to the {trash}</source>
            <translation>
                <numerusform>%Ln file moved to the {trash}</numerusform>
                <numerusform>%Ln files moved to the {trash}</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>FoldersPage</name>
        <message numerus="yes">
            <source>%Ln to do</source>
            <translation>
                <numerusform>%Ln to do</numerusform>
                <numerusform>%Ln to do</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Header</name>
        <message numerus="yes">
            <source>%Ln result(s)</source>
            <translation>
                <numerusform>%Ln result</numerusform>
                <numerusform>%Ln results</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s)</source>
            <translation>
                <numerusform>%Ln file</numerusform>
                <numerusform>%Ln files</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>+%Ln less certain</source>
            <translation>
                <numerusform>+%Ln less certain</numerusform>
                <numerusform>+%Ln less certain</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ReviewPane</name>
        <message numerus="yes">
            <source>%Ln proposal(s)</source>
            <translation>
                <numerusform>%Ln proposal</numerusform>
                <numerusform>%Ln proposals</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln confirmed</source>
            <translation>
                <numerusform>%Ln confirmed</numerusform>
                <numerusform>%Ln confirmed</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>UndoHistory</name>
        <message numerus="yes">
            <source>%Ln file(s) taken back from the trash</source>
            <translation>
                <numerusform>%Ln file taken back from the trash</numerusform>
                <numerusform>%Ln files taken back from the trash</numerusform>
            </translation>
        </message>
    </context>
</TS>
